-- Bodies for wrk: events that are each another one. Arguments: "seed" or "post" for the form, and the events of a call.
local form, count, thread, sent = "post", 1, 0, 0
local threads = 0

function setup(t)
  t:set("thread", threads)
  threads = threads + 1
end

function init(args)
  form, count = args[1], tonumber(args[2])
  now = os.time() * 1000
  math.randomseed(os.time() + thread * 7919)
  salt = math.random(0, 0xffff)
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
  wrk.headers["x-request-id"] = "bench"
end

local KINDS = { "page_view", "product_view", "search", "add_to_cart" }
local PROPS = {
  '{}',
  '{"product":"17"}',
  '{"query":"lamp","results":12}',
  '{"product":"17","price":"49.90","quantity":1}',
}

local function event()
  sent = sent + 1
  local kind = sent % 4 + 1
  if form == "seed" then
    return string.format(
      '{"userId":"user-%d","sessionId":"session-%d-%d","eventType":"%s","page":"/product/17","metadata":%s}',
      sent % 5000, thread, sent % 20000, KINDS[kind]:upper(), PROPS[kind])
  end
  return string.format(
    '{"id":"%08x-%04x-7%03x-8%03x-%04x%08x","t":%d,"type":"%s","page":"/product/17","props":%s}',
    math.floor(now / 65536), now % 65536, thread, salt % 4096, math.floor(salt / 16), sent, now, KINDS[kind], PROPS[kind])
end

function request()
  local events = {}
  for i = 1, count do events[i] = event() end
  local list = table.concat(events, ",")
  if form == "seed" then
    return wrk.format(nil, nil, nil, count > 1 and "[" .. list .. "]" or list)
  end
  local session = string.format("%08x-%04x-7%03x-9%03x-%012x", math.floor(now / 65536), now % 65536, thread, salt % 4096, sent % 20000)
  return wrk.format(nil, nil, nil, string.format(
    '{"v":1,"site":"shop","at":%d,"who":{"s":"%s"},"events":[%s]}', now, session, list))
end
