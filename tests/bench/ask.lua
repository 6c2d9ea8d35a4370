-- wrk asks for one of many requests at random. They stand in a file, one after another: METHOD, path, headers and body, as bench.py
-- writes them; wrk gets the file's name as its argument.
local requests = {}

function init(args)
	for block in io.open(args[1]):read("*a"):gmatch("(.-)\n%-%-%-\n") do
		local head, body = block:match("^(.-)\n\n(.*)$")
		local method, path = head:match("^(%S+) (%S+)")
		local headers = {}
		for name, value in head:gmatch("\n([^:\n]+): ([^\n]*)") do
			headers[name] = value
		end
		requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
	end
	math.randomseed(7)
end

function request()
	return requests[math.random(#requests)]
end

function done(summary)
	print("answers " .. summary.requests .. " refused " .. summary.errors.status)
end
