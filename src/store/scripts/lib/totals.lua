-- lib/totals.lua: what lines come to, with PPN and fees. docs/ppn.md explains it with examples.

local MOST = 99999999999000 -- with a transfer's unique code on top, what cjson prints in full

-- amount × n / d, half up to a whole rupiah, for n <= d <= 230,000. The amount is split so that no product leaves the
-- 2^53 that a Lua number holds exactly.
local function portion(amount, n, d)
  local rest = amount % d
  return (amount - rest) / d * n + math.floor((2 * rest * n + d) / (2 * d))
end

-- Each result is half up to a whole rupiah, and the next one is made from it. The rate is whole hundredths of a percent,
-- and PPN is charged on n/d of the price.
local function totals(lines)
  local percent, included, base, shipping, service = settings('order.ppnPercent', 'order.pricesIncludePpn',
    'order.ppnBase', 'order.shippingFee', 'order.serviceFee')
  local rate, n, d = math.floor(percent * 100 + 0.5), 1, 1
  if base == '11/12' then n, d = 11, 12 end
  local subtotal = 0
  for _, line in ipairs(lines) do subtotal = subtotal + line.lineTotal end

  local t = { subtotal = subtotal, ppnPercent = percent, pricesIncludePpn = included, shippingFee = shipping,
    serviceFee = service }
  if included then
    local net = portion(subtotal, 10000 * d, 10000 * d + n * rate)
    t.ppn, t.taxBase = subtotal - net, portion(net, n, d)
  else
    t.taxBase = portion(subtotal, n, d)
    t.ppn = portion(t.taxBase, rate, 10000)
  end
  t.total = subtotal + (included and 0 or t.ppn) + shipping + service
  return t
end

-- Records of before there were fees, and prices with PPN.
local function complete_totals(t)
  if t.taxBase then return end
  t.pricesIncludePpn, t.taxBase, t.shippingFee, t.serviceFee = false, t.subtotal, 0, 0
end
