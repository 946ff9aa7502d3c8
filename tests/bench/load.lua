-- The load of one round, for wrk: sends the requests of a file one after the other, each once
-- (round and round with "again"). A line is "METHOD PATH" or "METHOD PATH BODY".
--
--     wrk … -s load.lua URL -- FILE [again] [PAUSE_MS]
--
-- With a pause each client waits so long between an answer and its next request.
--
-- Its last line: "measured REQUESTS MICROSECONDS P50_US P99_US BAD_STATUS BAD_SOCKET".
local requests, at, again, pause_ms = {}, 0, false, nil

function init(args)
    again = args[2] == "again"
    pause_ms = tonumber(args[again and 3 or 2])
    if pause_ms then
        delay = function() return pause_ms end
    end
    for line in io.lines(args[1]) do
        local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
        requests[#requests + 1] = wrk.format(method, path, nil, body ~= "" and body or nil)
    end
end

function request()
    at = at + 1
    if at > #requests then
        if not again then
            error("the file has too few requests")
        end
        at = 1
    end
    return requests[at]
end

function done(summary, latency)
    local e = summary.errors
    print(string.format("measured %d %d %d %d %d %d", summary.requests, summary.duration,
        latency:percentile(50), latency:percentile(99), e.status,
        e.connect + e.read + e.write + e.timeout))
end
