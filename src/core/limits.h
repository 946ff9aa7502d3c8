/*
 * Every ceiling of the desk has its name here (and a test just above it).
 */
#ifndef CORE_LIMITS_H
#define CORE_LIMITS_H

/* memory */
#define LIMIT_ARENA_REQUEST_BYTES (32u << 20)
#define LIMIT_ARENA_JOB_BYTES     (32u << 20)
#define LIMIT_ARENA_BATCH_BYTES   (32u << 20)  /* what the rows of one file have asked for */
#define LIMIT_ARENA_ROW_BYTES     (8u << 20)   /* one row of a file as it is read */
#define LIMIT_ARENA_HOOKS_BYTES   (384u << 20) /* LIMIT_HOOK_CLAIM of the longest orders */
#define LIMIT_ARENA_CTL_BYTES     (64u << 20)  /* one command of refundctl; the demo needs most */

/* log: PIPE_BUF, up to which a write to a pipe stays in one piece */
#define LIMIT_LOG_LINE_BYTES 4096

/* refunddesk.conf */
#define LIMIT_CONFIG_LINE_BYTES 190 /* libinih reads 197 */
#define LIMIT_SOCKET_PATH_BYTES 107 /* sun_path */

/* HTTP in */
#define LIMIT_BODY_BYTES       (256u << 10) /* API and portal forms */
#define LIMIT_BODY_SMALL_BYTES (64u << 10)  /* login, search, small forms */
#define LIMIT_UPLOAD_BYTES     (204u << 20) /* a batch of 100,000 rows, and its form */
#define LIMIT_PARTS            32           /* of a multipart form */
#define LIMIT_PART_HEAD_BYTES  4096
#define LIMIT_FIELDS           400 /* fields of a form, members of a JSON body */
#define LIMIT_FIELD_BYTES      (64u << 10)
#define LIMIT_QUERY_BYTES      (8u << 10)
#define LIMIT_PATH_BYTES       2048
#define LIMIT_FIELD_NAME_BYTES 255
#define LIMIT_HEADER_BYTES     4096 /* one header value */
#define LIMIT_HEADERS          100
#define LIMIT_ROUTE_PARAMS     3
#define LIMIT_JSON_DEPTH       16
#define LIMIT_JSON_ELEMENTS    4000

/* ids and texts of DOMAIN 2 and 3 */
#define LIMIT_ORDER_ID          255
#define LIMIT_TXN_ID            255
#define LIMIT_UNIQUE_REQUEST_ID 255
#define LIMIT_UDF               255
#define LIMIT_UDF_COUNT         10
#define LIMIT_CUSTOMER          300
#define LIMIT_PRODUCT_ID        64
#define LIMIT_DESCRIPTION       255
#define LIMIT_RETURN_URL        255
#define LIMIT_METADATA_BYTES    4096
#define LIMIT_ADDRESS           255 /* each field of an address */
#define LIMIT_ORDER_TYPE        64
#define LIMIT_MERCHANT_NAME     100
#define LIMIT_NOTE              500
#define LIMIT_ONCE_KEY          255  /* Idempotency-Key */
#define LIMIT_GATEWAY_WORDS     4096 /* what a gateway said, kept verbatim, cut here */
#define LIMIT_ERROR_MESSAGE     255
#define LIMIT_ERROR_CODE        255

/* an order as others tell of it: the vendor's column ceilings */
#define LIMIT_PUBLIC_ID         64
#define LIMIT_TXN_UUID          128
#define LIMIT_GATEWAY_NAME      128
#define LIMIT_PAYMENT_METHOD    20
#define LIMIT_AUTH_TYPE         30
#define LIMIT_PAYMENT_ID        64
#define LIMIT_RESP_MESSAGE      512
#define LIMIT_CARD_TEXT         256
#define LIMIT_CARD_TYPE         64
#define LIMIT_CARD_LAST         4
#define LIMIT_TOLD_WORD         64
#define LIMIT_REFUND_REF        64
#define LIMIT_FACT_BYTES        4096 /* JSON of offers, payment_links … */
#define LIMIT_FACT_ELEMENTS     400  /* in one such tree: all facts of a row can be read again */
#define LIMIT_TOLD_REFUNDS      200  /* in one news */
#define LIMIT_HOOK_BODY_BYTES   (64u << 10)
#define LIMIT_HOOK_SECRET_BYTES 256
#define LIMIT_EVENT_ID          255
#define LIMIT_HOOK_SECRETS      200 /* tried for one webhook */

/* an order's metadata, in which the split of LIMIT_SPLIT_PARTIES is told */
#define LIMIT_ORDER_METADATA_BYTES (32u << 10)

/* split settlement: the marketplace and 100 vendors */
#define LIMIT_SPLIT_PARTIES 101
#define LIMIT_PARTY         255
#define LIMIT_ORDER_PARTS   5000 /* shown of one order: parts of all its refunds together */

/* the account that a payout goes to */
#define LIMIT_PAYEE_NAME     140
#define LIMIT_PAYEE_ACCOUNT  34
#define LIMIT_PAYEE_CODE     40
#define LIMIT_PAYEE_ADDRESS  255 /* each line of it */
#define LIMIT_PAYEE_POSTCODE 16
#define LIMIT_PAYEE_VPA      255
/* batches of refunds */
#define LIMIT_BATCH_TOTALS         1024 /* currencies by gateways of one file */
#define LIMIT_BATCH_STEP           64   /* rows in one transaction of a run */
#define LIMIT_BATCH_CHUNK          100 /* rows judged in one snapshot and kept in one transaction */
#define LIMIT_BATCH_CHUNK_BYTES    (256u << 10) /* … and so many bytes of the file, a row more */
#define LIMIT_BATCH_PAGE_BYTES     (1u << 20)   /* texts of rows read at once, a row more */
#define LIMIT_BATCH_ROWS_MAX       100000
#define LIMIT_BATCH_BYTES_PER_1000 (2u << 20)
#define LIMIT_BATCH_COUNTED        10000 /* accepted rows whose failed refunds a page counts */
#define LIMIT_BATCH_KEPT_MS \
    (60 * 60 * 1000) /* a file that is being read; then its reader is gone */
#define LIMIT_FILE_NAME  255
#define LIMIT_BATCH_TEXT 500 /* description, why it was rejected or cancelled */

/* an order */
#define LIMIT_ORDER_TXNS       50
#define LIMIT_ORDER_REFUNDS    1000 /* refunds shown of one order; the rest by list */
#define LIMIT_EVENTS_SHOWN     500
#define LIMIT_EXCEPTIONS_SHOWN 10

/* files of rows: uploads of refunds, imports */
#define LIMIT_CSV_FIELD_BYTES   4096
#define LIMIT_CSV_COLUMNS       128
#define LIMIT_IMPORT_LINE_BYTES (64u << 10) /* a line of JSON, as of a webhook */

/* database */
#define LIMIT_SQL_ARGS         64
#define LIMIT_SQL_FRAGMENTS    24
#define LIMIT_SQL_BATCH        64 /* functions in one commit */
#define LIMIT_SQL_BATCH_MS     10
#define LIMIT_SQL_QUEUE        4096 /* calls that may wait for the writer */
#define LIMIT_SQL_READERS      64
#define LIMIT_SQL_COMMIT_TRIES 20 /* COMMITs answered BUSY, 10 ms apart */
#define LIMIT_WAL_BYTES        (4u << 20)

/* lists */
#define LIMIT_PAGE_ROWS         100
#define LIMIT_LIST_FEW          500 /* rows of an amount range that a list gathers and sorts */
#define LIMIT_PAGE_ROWS_DEFAULT 25
#define LIMIT_PAGE_SKIP         10000      /* rows that GET /order/list counts off */
#define LIMIT_PAGE_ROWS_OLDER   10         /* of GET /order/list, where no count is told */
#define LIMIT_PAGE_REFUNDS      2000       /* after which a page of orders ends early, and … */
#define LIMIT_PAGE_BYTES        (8u << 20) /* … so many bytes were read for it */
#define LIMIT_FILTER_BYTES      64         /* a gateway, a method, a name in a filter */
#define LIMIT_EXPORT_ROWS       200  /* read at once for an export: the longest rows fit an arena */
#define LIMIT_TOTALS            1024 /* tabs by currencies */

/* worker and gateways */
#define LIMIT_WORKER_CLAIM      32  /* jobs claimed at once */
#define LIMIT_WORKER_FLIGHTS    128 /* HTTP calls open at once */
#define LIMIT_HTTP_BODY_BYTES   (256u << 10)
#define LIMIT_HTTP_HEADER_BYTES (16u << 10)

/* shown of one merchant */
#define LIMIT_GATEWAYS        64
#define LIMIT_USERS           1000
#define LIMIT_API_KEYS        1000
#define LIMIT_API_KEYS_USABLE 50 /* neither revoked nor expired */
#define LIMIT_KEY_NAME        100
#define LIMIT_MERCHANTS       100
#define LIMIT_CURRENCIES      200 /* more than ISO 4217 has */

/* conflicts */
#define LIMIT_WOULD_ROWS     200   /* shown of what would have happened */
#define LIMIT_WOULD_ORDERS   20000 /* looked at for it */
#define LIMIT_REFUSED_SHOWN  100
#define LIMIT_CEILINGS_SHOWN 60 /* rows of the form, which stays below LIMIT_FIELDS */

/* webhooks out */
#define LIMIT_ENDPOINTS         20 /* of one merchant */
#define LIMIT_ENDPOINT_URL      2048
#define LIMIT_ENDPOINT_HEADERS  10
#define LIMIT_ENDPOINT_VALUE    1024 /* user name, password, a header's value */
#define LIMIT_ENDPOINT_FLIGHTS  16   /* deliveries to one endpoint at once */
#define LIMIT_WEBHOOK_REFUNDS   50   /* of an order, in one webhook: its newest */
#define LIMIT_DELIVERIES_SHOWN  25
#define LIMIT_DELIVERIES_RESENT 1000 /* in one transaction */
#define LIMIT_DELIVERY_SAID     1024 /* kept of an endpoint's answer */
#define LIMIT_DELIVERY_ATTEMPTS 100
#define LIMIT_EVENT_NAMES       32         /* that endpoints may ask for */
#define LIMIT_WEBHOOKS_SWEPT    100        /* in one transaction */
#define LIMIT_WEBHOOK_BYTES     (8u << 20) /* the body that is sent: an order of many refunds */
#define LIMIT_HOOK_CLAIM        32         /* deliveries claimed in one transaction */

/* mails */
#define LIMIT_MAIL_ADDRESS   254
#define LIMIT_MAIL_ADDRESSES 20
#define LIMIT_MAILS_SHOWN    50
#define LIMIT_MAIL_SUBJECT   200
#define LIMIT_MAIL_SAID      500 /* kept of a server's line */
#define LIMIT_MAIL_KINDS     32  /* that a user may choose */
#define LIMIT_MAIL_BURST     60  /* of one kind to one address, before mail.pace_ms counts */
#define LIMIT_MAIL_PACES     256 /* addresses and kinds whose pace is remembered */

/* login */
#define LIMIT_USER_NAME       100
#define LIMIT_API_KEY_BYTES   255
#define LIMIT_PASSWORD_BYTES  1024
#define LIMIT_PASSWORD_LEAST  8
#define LIMIT_LOGIN_ACCOUNT   10 /* failures in the window before waiting */
#define LIMIT_LOGIN_ADDRESS   50
#define LIMIT_HASHING_THREADS 2
#define LIMIT_RATE_BUCKETS    1024 /* API keys with a rate limit, used within one second */

/* the gateway simulator */
#define LIMIT_SIMGATE_BODY_BYTES  (64u << 10)
#define LIMIT_SIMGATE_CONNECTIONS 512
#define LIMIT_SIMGATE_FAULTS      256    /* scripted at once */
#define LIMIT_SIMGATE_FAULT_MS    120000 /* a fault holds a connection no longer */
#define LIMIT_SIMGATE_PAGE        1000   /* rows of one look at the ledger */

#endif
