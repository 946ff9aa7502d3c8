# Makes a file for each row of errors.tsv:
#
#   awk -v layout=templates/error/lighttpd.html -v to=FOLDER -f errors.awk errors.tsv
#
# FOLDER/portal/NNN.html are pages, FOLDER/api/NNN.html the API's JSON (lighttpd looks for that name).

BEGIN {
    FS = "\t"
    page = ""
    while ((getline line < layout) > 0)
        page = page line "\n"
    if (page == "") {
        print "errors.awk: no layout in " layout > "/dev/stderr"
        exit 1
    }
}

/^#/ || NF == 0 { next }

NF != 4 || $1 !~ /^[45][0-9][0-9]$/ || /["\\&<>]/ {
    printf "%s:%d: four fields without \" \\ & < >\n", FILENAME, FNR > "/dev/stderr"
    exit 1
}

{
    html = page
    gsub(/@STATUS@/, $1, html)
    gsub(/@HEADING@/, $2, html)
    gsub(/@TEXT@/, $3, html)
    file = to "/portal/" $1 ".html"
    printf "%s", html > file
    close(file)

    file = to "/api/" $1 ".html"
    printf "{\"status\":\"ERROR\",\"status_id\":-1,\"error_code\":\"%s\",\"error_message\":\"%s\"," \
           "\"error_info\":{\"user_message\":\"%s\",\"developer_message\":\"%s\",\"request_id\":\"\"," \
           "\"href\":\"NA\",\"code\":\"%s\",\"category\":\"%s\",\"cause\":\"%s\",\"fields\":[]}}\n", \
           $4, $2, $3, $2, $4, ($1 < 500 ? "USER_ERROR" : "SERVER_ERROR"), $4 > file
    close(file)
}
