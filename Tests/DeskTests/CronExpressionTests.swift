// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics
import Desk
import Testing

@Suite("Cron expressions")
struct CronExpressionTests {
    @Test(
        "what the dialect has is read",
        arguments: [
            "@hourly", "@daily", "@midnight", "@yearly", "@annually", "@monthly", "@weekly",
            "@Reboot", "0 9 * JAN *", "0 9 * * mon,wed", "0 9 * * MON-FRI", "1-59/2 * * * *",
            "0 0 31 2 *", "  0   9 * * *  ", "0\t9 * * *", "0 0 * * 7", "0 0 * * 5-7",
            "0 0 * * sat-sun", "0 0 1-7,15-21 jan-mar,12 *", "*/15 0-23/6 * * *", "00 09 * * *",
        ]
    )
    func valid(text: String) throws {
        #expect(try CronExpression(parsing: text).description.contains("  ") == false)
    }

    @Test(
        "a fault names field, text and what is allowed",
        arguments: [
            ("", "found 0 fields; expected five: minute, hour, day of month, month, day of week"),
            ("0 9 * *", "found 4 fields; expected five"),
            ("0 0 9 * * *", "found 6 fields; expected five"),
            ("0 0 9 * * *", "seconds or years is not supported"),
            ("60 * * * *", "minute '60': expected numbers from 0 to 59"),
            ("0 24 * * *", "hour '24': expected numbers from 0 to 23"),
            ("0 0 0 * *", "day of month '0': expected numbers from 1 to 31"),
            ("0 0 * 13 *", "month '13': expected numbers from 1 to 12 or jan to dec"),
            ("0 0 * * 8", "day of week '8': expected numbers from 0 to 7 or sun to sat"),
            ("*/0 * * * *", "minute '*/0': a step is a number from 1 to 59"),
            ("*/60 * * * *", "minute '*/60': a step is a number from 1 to 59"),
            ("*/ * * * *", "a step is a number"), ("*/2/3 * * * *", "a step is a number"),
            ("*/+2 * * * *", "a step is a number"),
            ("-1 * * * *", "minute '-1': expected numbers"),
            ("1,,2 * * * *", "minute '1,,2': an empty place in a list"),
            ("1, * * * *", "an empty place in a list"),
            ("a * * * *", "minute 'a': expected numbers"),
            ("5-1 * * * *", "minute '5-1': a range goes upwards"),
            ("5/10 * * * *", "minute '5/10': a step goes with * or a range, as in */10"),
            ("1-2-3 * * * *", "expected numbers"), ("** * * * *", "expected numbers"),
            ("0 0 * * fri-mon", "a range goes upwards"), ("0 0 * * monday", "expected numbers"),
            ("? * * * *", "minute '?': '?' (no value) is an extension that is not supported"),
            ("0 0 L * *", "day of month 'L': 'L' (the last day) is an extension"),
            ("0 0 L-3 * *", "'L' (the last day)"), ("0 0 * * 5L", "'L' (the last day)"),
            ("0 0 15W * *", "'W' (the nearest weekday)"), ("0 0 LW * *", "'W' (the nearest"),
            ("0 0 * * 5#2", "'#' (the nth weekday)"),
            ("@never", "'@never': no such nickname; allowed are @annually, @daily, @hourly"),
            ("@daily 5", "'@daily 5': no such nickname"),
            ("9999999999999999999 * * * *", "expected numbers"), ("１ * * * *", "expected numbers"),
        ] as [(String, String)]
    )
    func invalid(text: String, part: String) {
        let fault = #expect(throws: CronExpression.Fault.self) {
            try CronExpression(parsing: text)
        }

        #expect(fault?.message.contains(part) == true, "\(String(describing: fault))")
    }

    @Test(
        "an expression whose days no month has never fires, and says so",
        arguments: [
            ("0 0 31 2 *", true), ("0 0 30 2 *", true), ("0 0 31 2,4,6,9,11 *", true),
            ("0 0 31 4 */2", true), ("0 0 29 2 *", false), ("0 0 31 2 1", false),
            ("0 0 31 2,3 *", false), ("@reboot", false), ("0 0 29 2 */7", false),
        ]
    )
    func never(text: String, isNever: Bool) throws {
        let expression = try CronExpression(parsing: text)

        #expect(expression.neverFires == isNever)
        if isNever {
            #expect(
                Schedule.cron(expression, .utc).next(after: Instant(secondsSinceEpoch: 0)) == nil
            )
        }
    }

    @Test(
        "hour and minute are fixed when neither has a star or a step",
        arguments: [
            ("30 2 * * *", true), ("0,30 1-3 * * *", true), ("@daily", true), ("@hourly", false),
            ("*/30 2 * * *", false), ("0-30/10 2 * * *", false), ("0 */2 * * *", false),
            ("0 0-4/2 * * *", false), ("@reboot", false),
        ]
    )
    func fixed(text: String, isFixed: Bool) throws {
        #expect(try CronExpression(parsing: text).isFixed == isFixed)
    }

    @Test("a zone in front is split off")
    func zonePrefix() {
        let split = CronExpression.splitZone(" CRON_TZ=Asia/Kolkata\t30 9 * * *")

        #expect(split.zone == "Asia/Kolkata" && split.expression == "\t30 9 * * *")
        #expect(CronExpression.splitZone("@daily").zone == nil)
        #expect(CronExpression.splitZone("CRON_TZ=").zone == "")
    }
}
