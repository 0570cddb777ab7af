// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Glibc

extension ChildCommand {
    /// The program as a person wrote it.
    var programName: String {
        if let displayName { return displayName }
        return switch program {
        case .path(let path): path
        case .named(let name, _): name
        }
    }

    /// Refuses what the kernel would misread or cut short.
    func requireWellFormed() throws(ProcessError) {
        var texts = [programName, workingFolder, errorLogPath] + arguments
        var names = [String]()
        for (name, value) in environment {
            guard !name.isEmpty, !name.utf8.contains(0x3D) else {
                throw malformed("give variable '\(name)' a name without '='")
            }
            guard !names.contains(name) else { throw malformed("set variable \(name) once") }
            names.append(name)
            texts += [name, value]
        }
        guard !texts.contains(where: { $0.utf8.contains(0) }) else {
            throw malformed("remove the zero byte from the command")
        }
        guard lineLimitBytes > 0 else { throw malformed("allow lines of at least one byte") }
        try requireUsableDescriptors()
    }

    private func requireUsableDescriptors() throws(ProcessError) {
        guard inherited.count <= DESK_MAX_INHERITED else {
            throw malformed("hand over at most \(DESK_MAX_INHERITED) descriptors")
        }
        for (index, pair) in inherited.enumerated() {
            guard (3...255).contains(pair.target), pair.source >= 0 else {
                throw malformed("hand over descriptors as numbers from 3 to 255")
            }
            guard !inherited[..<index].contains(where: { $0.target == pair.target }) else {
                throw malformed("use number \(pair.target) for one descriptor")
            }
        }
    }

    private func malformed(_ hint: String) -> ProcessError {
        ProcessError(code: .invalidCommand, operation: "start", subject: programName, hint: hint)
    }

    /// Finds the absolute path of the program.
    func locateProgram() throws(ProcessError) -> String {
        switch program {
        case .path(let path):
            guard path.hasPrefix("/") else { throw malformed("give an absolute path") }
            return path
        case .named(let name, let searchPath):
            guard !name.isEmpty, !name.contains("/") else {
                throw malformed("give a bare name, or an absolute path")
            }
            for folder in searchPath where folder.hasPrefix("/") {
                let path = "\(folder)/\(name)"
                if Self.isProgram(path) { return path }
            }
            throw ProcessError(
                code: .noSuchProgram,
                operation: "start",
                subject: name,
                hint: "install it into one of: \(searchPath.joined(separator: ", "))"
            )
        }
    }

    private static func isProgram(_ path: String) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return access(path, X_OK) == 0
    }
}
