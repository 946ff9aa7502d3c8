#include "core/str.h"
#include "gateway/address.h"
#include "rig.h"
#include "support/suite.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>

static struct sockaddr_storage at(const char *text)
{
    struct sockaddr_storage s = {0};
    struct sockaddr_in *v4 = (struct sockaddr_in *)&s;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&s;
    s.ss_family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
    void *to = s.ss_family == AF_INET6 ? (void *)&v6->sin6_addr : (void *)&v4->sin_addr;
    ck_assert_msg(inet_pton(s.ss_family, text, to) == 1, "%s", text);
    return s;
}

static const char *kind(const char *text)
{
    struct sockaddr_storage s = at(text);
    return address_kind((const struct sockaddr *)&s);
}

/* First and last of each range, and their neighbours. NULL: of the internet. */
static const struct {
    const char *address, *kind;
} known[] = {
    {"0.0.0.0", "unspecified"},
    {"0.255.255.255", "unspecified"},
    {"1.0.0.0", NULL},
    {"9.255.255.255", NULL},
    {"10.0.0.0", "private"},
    {"10.255.255.255", "private"},
    {"11.0.0.0", NULL},
    {"100.63.255.255", NULL},
    {"100.64.0.0", "shared by a carrier"},
    {"100.127.255.255", "shared by a carrier"},
    {"100.128.0.0", NULL},
    {"126.255.255.255", NULL},
    {"127.0.0.0", "loopback"},
    {"127.0.0.1", "loopback"},
    {"127.255.255.255", "loopback"},
    {"128.0.0.0", NULL},
    {"169.253.255.255", NULL},
    {"169.254.169.254", "link-local"},
    {"169.255.0.0", NULL},
    {"172.15.255.255", NULL},
    {"172.16.0.0", "private"},
    {"172.31.255.255", "private"},
    {"172.32.0.0", NULL},
    {"192.0.0.1", "reserved"},
    {"192.0.1.0", NULL},
    {"192.0.2.1", "for documentation"},
    {"192.88.99.1", "reserved"},
    {"192.167.255.255", NULL},
    {"192.168.0.0", "private"},
    {"192.168.255.255", "private"},
    {"192.169.0.0", NULL},
    {"198.17.255.255", NULL},
    {"198.18.0.0", "for benchmarks"},
    {"198.19.255.255", "for benchmarks"},
    {"198.20.0.0", NULL},
    {"198.51.100.7", "for documentation"},
    {"203.0.113.7", "for documentation"},
    {"223.255.255.255", NULL},
    {"224.0.0.1", "multicast"},
    {"239.255.255.255", "multicast"},
    {"240.0.0.0", "reserved"},
    {"255.255.255.254", "reserved"},
    {"255.255.255.255", "broadcast"},
    {"8.8.8.8", NULL},

    {"::", "unspecified"},
    {"::1", "loopback"},
    {"::2", "reserved"},
    {"::127.0.0.1", "reserved"},
    {"::ffff:127.0.0.1", "loopback"},
    {"::ffff:10.1.2.3", "private"},
    {"::ffff:8.8.8.8", NULL},
    {"64:ff9b::a00:1", "private"},
    {"64:ff9b::169.254.169.254", "link-local"},
    {"64:ff9b::8.8.8.8", NULL},
    {"64:ff9b:1::8.8.8.8", "private"},
    {"100::1", "reserved"},
    {"1fff::1", "reserved"},
    {"2000::1", NULL},
    {"2001:0:1::1", "tunnelled"},
    {"2001:1ff::1", "reserved"},
    {"2001:200::1", NULL},
    {"2001:db8::1", "for documentation"},
    {"2001:4860:4860::8888", NULL},
    {"2002:7f00:1::1", "loopback"},
    {"2002:a00:1::1", "private"},
    {"2002:c0a8:1::", "private"},
    {"2002:808:808::1", NULL},
    {"3fff:fff::1", "for documentation"},
    {"3fff:ffff::1", NULL},
    {"4000::1", "reserved"},
    {"fbff::1", "reserved"},
    {"fc00::1", "private"},
    {"fdff:ffff::1", "private"},
    {"fe00::1", "reserved"},
    {"fe80::1", "link-local"},
    {"febf::1", "link-local"},
    {"fec0::1", "private"},
    {"feff::1", "private"},
    {"ff02::1", "multicast"},
};

START_TEST(knows_what_an_address_is)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        ck_assert_msg(str_eq(kind(known[i].address), known[i].kind), "%s is %s", known[i].address,
                      str_or(kind(known[i].address), "of the internet"));
}
END_TEST

START_TEST(another_family_is_never_called)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/run/x"};
    ck_assert_str_eq(address_kind((const struct sockaddr *)&un), "of no internet");
    ck_assert_str_eq(address_text(a, (const struct sockaddr *)&un), "of another family");
}
END_TEST

START_TEST(writes_an_address)
{
    struct sockaddr_storage v4 = at("10.0.0.1"), v6 = at("FE80:0::1");
    ck_assert_str_eq(address_text(a, (const struct sockaddr *)&v4), "10.0.0.1");
    ck_assert_str_eq(address_text(a, (const struct sockaddr *)&v6), "fe80::1");
}
END_TEST

suite_fn t_address_suite;
Suite *t_address_suite(void)
{
    TCase *tc;
    Suite *s = suite_of("address", &tc);
    tcase_add_checked_fixture(tc, rig_set_up, rig_tear_down);
    tcase_add_test(tc, knows_what_an_address_is);
    tcase_add_test(tc, another_family_is_never_called);
    tcase_add_test(tc, writes_an_address);
    return s;
}
