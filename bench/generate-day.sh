#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes a day of 20 sensors of a small plant as wide CSV: a line every ten seconds. The same
# every time: the chance in it comes from a generator of its own.
exec awk '
function random() {
    # Lehmer: products stay below 2^53, so doubles hold them exactly.
    state = state * 48271 % 2147483647
    return state / 2147483647
}
function noise() { return random() + random() + random() + random() - 2 }
# Rounded to `step`, and a plain 0 for a negative one.
function rounded(x, step,  n) { n = int(x / step + (x < 0 ? -0.5 : 0.5)); return n == 0 ? 0 : n * step }
BEGIN {
    state = 20251121
    OFS = ","
    CONVFMT = OFMT = "%.10g"
    start = 1790000000
    day = 86400
    print "time_ms,hall.temp,hall.hum,hall.co2,cold1.temp,cold1.door,cold2.temp,cold2.door," \
        "pump.power,pump.flow,pump.bearing,mains.u1,mains.u2,mains.u3,mains.i1,mains.energy," \
        "tank.level,outside.temp,outside.pressure,outside.wind,press.cycles"
    energy = 184213.6; level = 62; cold[1] = 4.2; cold[2] = -18.1; wind = 3; bearing = 41
    for (t = 0; t < day; t += 10) {
        sun = sin((t - 32400) / day * 6.283185307)
        working = t > 21600 && t < 79200
        hall = 19.5 + 1.8 * sun + (working ? 0.9 : 0) + 0.03 * noise()
        co2 = 450 + (working ? 320 * (1 - exp(-(t - 21600) / 7200)) : 60) + 4 * noise()
        for (i = 1; i <= 2; i++) {
            if (open[i] > 0) open[i]--
            else if (working && random() < 0.004) open[i] = 2 + int(6 * random())
            target = i == 1 ? 4 : -18
            cooling[i] = cold[i] > target + 0.8 ? 1 : cold[i] < target - 0.6 ? 0 : cooling[i]
            cold[i] += (cooling[i] ? -0.012 : 0.006) + (open[i] ? 0.09 : 0) + 0.004 * noise()
        }
        running = working && (t % 900) < 620
        power = running ? 2210 + 18 * noise() : 4
        flow = running ? 18.4 + 0.15 * noise() : 0
        bearing += ((running ? 58 : 33) - bearing) * 0.004 + 0.03 * noise()
        current = 6 + power / 230 + (working ? 11 : 0) + 0.12 * noise()
        energy += current * 3 * 231 / 360000
        level += (running ? -0.006 : 0.011); if (level > 88) level = 88
        wind += (3.5 - wind) * 0.01 + 0.25 * noise(); if (wind < 0) wind = 0
        cycles += working && random() < 0.31
        printf "%d000", start + t
        print "", rounded(hall, 0.01), rounded(52 - 6 * sun + 0.2 * noise(), 0.1), rounded(co2, 1), \
            rounded(cold[1], 0.0625), (open[1] > 0), rounded(cold[2], 0.0625), (open[2] > 0), \
            rounded(power, 1), rounded(flow, 0.01), rounded(bearing, 0.1), \
            rounded(231.2 + 0.8 * noise(), 0.1), rounded(230.6 + 0.8 * noise(), 0.1), \
            rounded(232.0 + 0.8 * noise(), 0.1), rounded(current, 0.01), rounded(energy, 0.1), \
            rounded(level, 0.1), rounded(9 + 5 * sun + 0.05 * noise(), 0.1), \
            rounded(1013.2 + 1.4 * sin(t / 20000) + 0.03 * noise(), 0.01), rounded(wind, 0.1), cycles + 0
    }
}'
