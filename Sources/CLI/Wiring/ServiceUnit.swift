// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The unit by which systemd runs a desk as a service of its user.
struct ServiceUnit {
    /// The desk's folder, absolute.
    let desk: String
    /// The program, absolute.
    let program: String
    /// The unit's name without `.service`.
    let name: String

    /// The statuses after which another start would end the same way: usage, data, a missing file,
    /// a history that does not fit.
    static let finalStatuses = [64, 65, 66, 70, 78]

    /// The first line of every unit that is written here.
    static let signature = "# Made by loopdesk service install for the desk "

    /// Names the unit of a desk.
    /// - Throws: A ``Failure`` when a path or the name cannot stand in a unit.
    init(desk: String, program: String, name: String?) throws {
        for path in [desk, program] {
            guard path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
                throw Failure(
                    "a path with a control character cannot stand in a unit: rename \(path)",
                    .badData
                )
            }
        }
        guard !program.contains(where: { "\"'\\".contains($0) }) else {
            throw Failure(
                "systemd runs no program whose path has a quote or backslash: move \(program)",
                .badData
            )
        }
        self.desk = desk
        self.program = program
        let proposed = name ?? "loopdesk-\(Self.plain(desk.split(separator: "/").last ?? "desk"))"
        guard Self.isName(proposed) else {
            throw Failure(
                "--name: found '\(proposed)'; allowed are 1 to 100 characters of a-z, A-Z, 0-9, "
                    + "'-', '_' and '.', beginning with a letter or digit",
                .badData
            )
        }
        self.name = proposed
    }

    /// The file's name.
    var fileName: String { "\(name).service" }

    /// The first line, which names the desk.
    var firstLine: String { Self.signature + desk }

    /// The whole unit.
    var text: String {
        """
        \(firstLine)
        [Unit]
        Description=Loopdesk desk \(name)
        StartLimitIntervalSec=300
        StartLimitBurst=5

        [Service]
        Type=notify
        NotifyAccess=main
        ExecStart=\(Self.programWord(program)) up --desk \(Self.argument(desk))
        Restart=on-failure
        RestartSec=2
        RestartPreventExitStatus=\(Self.finalStatuses.map(String.init).joined(separator: " "))
        SuccessExitStatus=130
        KillMode=mixed
        TimeoutStartSec=infinity
        TimeoutStopSec=60
        WatchdogSec=60
        NoNewPrivileges=yes
        UMask=0077

        [Install]
        WantedBy=default.target

        """
    }

    /// An argument as `ExecStart=` reads it back unchanged.
    static func argument(_ text: String) -> String {
        quoted(text.replacing("$", with: "$$"))
    }

    /// The program's path; systemd looks for no variables in it.
    static func programWord(_ path: String) -> String { quoted(path) }

    private static func quoted(_ text: String) -> String {
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("%", with: "%%")
        return "\"\(escaped)\""
    }

    private static func isName(_ text: String) -> Bool {
        guard (1...100).contains(text.utf8.count), let first = text.utf8.first,
            isPlain(first), first != 0x2D, first != 0x5F, first != 0x2E
        else { return false }
        return text.utf8.allSatisfy(isPlain)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
        default: false
        }
    }

    private static func plain(_ text: Substring) -> String {
        let bytes = text.utf8.prefix(80).map { isPlain($0) ? $0 : 0x2D }
        return String(decoding: bytes, as: UTF8.self)
    }
}
