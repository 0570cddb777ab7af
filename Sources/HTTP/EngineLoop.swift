// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CCurl

/// What the thread of an engine does: carries out commands, lets libcurl work, keeps deadlines.
///
/// It never leaves its thread.
final class EngineLoop {
    private let engine: Engine
    /// Requests that wait for a turn, oldest first.
    private var waiting: [Engine.Job] = []
    private var transfers: [Int: Transfer] = [:]
    private var alarms: [Int: (end: Duration, pipe: ReplyPipe)] = [:]

    /// The longest the thread sleeps without a look around.
    private static let longestSleep: Duration = .seconds(60)

    init(_ engine: Engine) {
        self.engine = engine
    }

    /// Works until the engine is closed.
    func run() {
        while true {
            let (commands, isClosed) = engine.takeCommands()
            for command in commands { carryOut(command) }
            guard !isClosed else { return endAll() }
            startWaiting()
            work()
            keepDeadlines()
            startWaiting()
            rest()
        }
    }

    private func carryOut(_ command: Engine.Command) {
        switch command {
        case .start(let job): waiting.append(job)
        case .cancel(let id): cancel(id)
        case .resume(let id): transfers[id]?.resume(at: engine.now())
        case .alarm(let id, let end, let pipe): alarms[id] = (end, pipe)
        }
    }

    private func cancel(_ id: Int) {
        if let alarm = alarms.removeValue(forKey: id) { alarm.pipe.finish(.success(())) }
        let reason = "the task was cancelled"
        fail(id, .cancelled, reason)
    }

    /// Ends a request before its time, wherever it stands.
    private func fail(_ id: Int, _ code: HTTPError.Code, _ reason: String) {
        if let transfer = transfers.removeValue(forKey: id) {
            remove(transfer)
            transfer.end(transfer.failure(code, reason))
            engine.ended()
        } else if let place = waiting.firstIndex(where: { $0.id == id }) {
            let job = waiting.remove(at: place)
            job.pipe.finish(.failure(HTTPError(code, "send \(job.request)", reason)))
            engine.ended()
        }
    }

    private func startWaiting() {
        while transfers.count < engine.settings.transfers, !waiting.isEmpty {
            let job = waiting.removeFirst()
            do throws(HTTPError) {
                let transfer = try Transfer(job, engine)
                let code = unsafe curl_multi_add_handle(
                    engine.multi.pointer,
                    transfer.easy.pointer
                )
                guard code == CURLM_OK else {
                    throw HTTPError(.other, "send \(job.request)", "libcurl does not take it")
                }
                transfers[job.id] = transfer
            } catch {
                job.pipe.finish(.failure(error))
                engine.ended()
            }
        }
    }

    private func work() {
        var running: Int32 = 0
        _ = unsafe curl_multi_perform(engine.multi.pointer, &running)
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(engine.multi.pointer, &left) {
            let isDone = unsafe message.pointee.msg == CURLMSG_DONE
            let easy = unsafe message.pointee.easy_handle
            let known = transfers.values.first { unsafe $0.easy.pointer == easy }
            guard isDone, let transfer = known else { continue }
            // Read before the handle is removed, which makes the message invalid.
            let code = unsafe loopdesk_result(message)
            transfers[transfer.id] = nil
            remove(transfer)
            transfer.end(with: code)
            engine.ended()
        }
        for transfer in transfers.values { transfer.deliver() }
    }

    private func remove(_ transfer: Transfer) {
        _ = unsafe curl_multi_remove_handle(engine.multi.pointer, transfer.easy.pointer)
    }

    private func keepDeadlines() {
        let now = engine.now()
        for (id, alarm) in alarms where alarm.end <= now {
            alarms[id] = nil
            alarm.pipe.finish(.success(()))
        }
        let running = transfers.values.map { ($0.id, $0.watch.next) }
        for (id, next) in running + waiting.map({ ($0.id, $0.watch.next) })
        where next.moment <= now {
            fail(id, next.code, next.reason)
        }
    }

    /// Waits for sockets, a command or the next deadline.
    private func rest() {
        let now = engine.now()
        var end = now + Self.longestSleep
        for alarm in alarms.values { end = min(end, alarm.end) }
        for transfer in transfers.values { end = min(end, transfer.watch.next.moment) }
        for job in waiting { end = min(end, job.watch.next.moment) }
        let milliseconds = Int32(max(0, min(60_000, (end - now) / Duration.milliseconds(1) + 1)))
        _ = unsafe curl_multi_poll(engine.multi.pointer, nil, 0, milliseconds, nil)
    }

    private func endAll() {
        for id in transfers.keys { fail(id, .closed, "the client is closed") }
        for job in waiting { fail(job.id, .closed, "the client is closed") }
        for alarm in alarms.values { alarm.pipe.finish(.success(())) }
        alarms = [:]
    }
}
