-- wrk books: every request the next two nights that are free, a key, a phone and an address of its own. Arguments: first number,
-- rooms, and the days from tomorrow on, parted by commas.
local number, rooms, days = 0, 0, {}
local body = '{"rooms":[%d],"arrive":"%s","leave":"%s","adults":2,"guest":{"name":"示例客人","phone":"%d"}}'

function init(args)
	number, rooms = tonumber(args[1]), tonumber(args[2])
	for day in args[3]:gmatch("[^,]+") do
		days[#days + 1] = day
	end
end

function request()
	local n, headers = number, {}
	number = n + 1
	local day = 2 * math.floor(n / rooms) + 1
	headers["Host"] = "bench.test"
	headers["Content-Type"] = "application/json"
	headers["Idempotency-Key"] = "bench key " .. n
	headers["X-Forwarded-Proto"] = "http"
	headers["X-Real-IP"] = string.format("10.%d.%d.%d", math.floor(n / 65536) % 256, math.floor(n / 256) % 256, n % 256)
	return wrk.format("POST", "/api/v1/bookings", headers,
		string.format(body, 1000000 + n % rooms, days[day], days[day + 2], 13000000000 + n))
end

function done(summary)
	print("answers " .. summary.requests .. " refused " .. summary.errors.status)
end
