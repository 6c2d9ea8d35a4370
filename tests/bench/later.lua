-- wrk changes or cancels stays of the pool bench.py made. Arguments: "change" or "cancel", first slot of the pool, how many, rooms, the days from
-- tomorrow on, parted by commas, and for cancelling the number of the stay to begin with.
local act, first, count, rooms, days, number = "", 0, 0, 0, {}, 0
local change = '{"rooms":[%d],"arrive":"%s","leave":"%s","adults":%d,"phone_last4":"%04d"}'
local cancel = '{"phone_last4":"%04d"}'

function init(args)
	act, first, count, rooms, number = args[1], tonumber(args[2]), tonumber(args[3]), tonumber(args[4]), tonumber(args[6])
	for day in args[5]:gmatch("[^,]+") do
		days[#days + 1] = day
	end
	-- Another sequence in every run: the same wishes again would change nothing.
	math.randomseed(os.time())
end

function request()
	local i, headers, body = number, {}, ""
	if act == "change" then
		i = math.random(0, count - 1)
	end
	number = number + 1
	local slot, code = first + i, 20000000 + i
	local day = 2 * math.floor(slot / rooms) + 1
	local last4 = (13000000000 + slot) % 10000
	if act == "change" then
		body = string.format(change, 1000000 + slot % rooms, days[day], days[day + math.random(1, 2)], math.random(1, 2), last4)
	else
		body = string.format(cancel, last4)
	end
	headers["Host"] = "bench.test"
	headers["Content-Type"] = "application/json"
	headers["Authorization"] = "Bearer secret of " .. code
	headers["X-Forwarded-Proto"] = "http"
	headers["X-Real-IP"] = "10.0.0.1"
	return wrk.format("POST", "/api/v1/bookings/" .. code .. "/" .. act, headers, body)
end

function done(summary)
	print("answers " .. summary.requests .. " refused " .. summary.errors.status)
end
