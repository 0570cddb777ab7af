// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Basics

/// Has a desk run by systemd as a service of its user.
struct ServiceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service",
        abstract: "Have systemd run the desk as a service of yours.",
        discussion: """
            Writes a file and prints what to type next; it never talks to systemd itself.

            EXAMPLES
              loopdesk service show --desk my-desk         the unit, written nowhere
              loopdesk service install --desk my-desk      write it
              loopdesk service uninstall --desk my-desk    remove it
            """,
        subcommands: [Install.self, Uninstall.self, Show.self]
    )

    /// What all three have in common.
    struct Options: ParsableArguments {
        @OptionGroup var desk: DeskOptions

        @Option(
            name: .long,
            help: "The unit's name (default: loopdesk- and the name of the desk's folder)."
        )
        var name: String?

        func unit() throws -> ServiceUnit {
            try ServiceUnit(
                desk: try desk.path(),
                program: try Programs().loopdesk,
                name: name
            )
        }

        func report(_ unit: ServiceUnit, path: String, state: String, next: [String]) {
            let console = Console()
            guard !desk.json else {
                console.say([
                    "unit": .string(unit.fileName), "path": .string(path),
                    "state": .string(state), "next": .array(next.map { .string($0) }),
                ])
                return
            }
            console.say("\(path): \(state)")
            guard !next.isEmpty else { return }
            console.say("\nNext:")
            for command in next { console.say("  \(command)") }
        }
    }

    struct Install: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the unit below your configuration folder.",
            discussion: """
                EXAMPLES
                  loopdesk service install --desk my-desk
                """
        )

        @OptionGroup var options: Options

        func run() throws {
            _ = try options.desk.open()
            let unit = try options.unit()
            let folder = try ServiceFolder()
            try folder.install(unit)
            options.report(
                unit,
                path: folder.folder.path(of: unit.fileName),
                state: "written",
                next: [
                    "systemctl --user daemon-reload",
                    "systemctl --user enable --now \(unit.fileName)",
                    "loginctl enable-linger    # to keep it running when you log out",
                ]
            )
        }
    }

    struct Uninstall: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove the unit.",
            discussion: """
                EXAMPLES
                  systemctl --user disable --now loopdesk-my-desk.service
                  loopdesk service uninstall --desk my-desk
                """
        )

        @OptionGroup var options: Options

        func run() throws {
            let unit = try options.unit()
            let folder = try ServiceFolder()
            let wasThere = try folder.uninstall(unit)
            options.report(
                unit,
                path: folder.folder.path(of: unit.fileName),
                state: wasThere ? "removed" : "not there",
                next: wasThere
                    ? [
                        "systemctl --user stop \(unit.fileName)",
                        "systemctl --user daemon-reload",
                    ] : []
            )
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the unit and write nothing.",
            discussion: """
                EXAMPLES
                  loopdesk service show --desk my-desk
                """
        )

        @OptionGroup var options: Options

        func run() throws {
            let unit = try options.unit()
            guard !options.desk.json else {
                Console().say(["unit": .string(unit.fileName), "text": .string(unit.text)])
                return
            }
            Console.write(unit.text, to: 1)
        }
    }
}
