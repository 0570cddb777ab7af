// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

internal import CSandbox
internal import Glibc

extension Child {
    /// Turns the failing step of a start into an error that says what to do.
    static func startError(
        _ command: ChildCommand,
        path: String,
        _ result: desk_spawn_result
    ) -> ProcessError {
        let number = result.error
        switch UInt32(result.step) {
        case DESK_STEP_FOLDER.rawValue:
            return folderError(command.workingFolder, number)
        case DESK_STEP_EXEC.rawValue:
            return programError(path, number)
        case DESK_STEP_DESCRIPTORS.rawValue where number == EBADF:
            return ProcessError(
                code: .invalidCommand,
                operation: "start",
                subject: path,
                errorNumber: number,
                hint: "hand over open descriptors only"
            )
        case DESK_STEP_CONTROL_GROUP.rawValue:
            return ProcessError("count the processes of", path, errorNumber: number)
        case DESK_STEP_PARENT_DEATH.rawValue, DESK_STEP_PARENT_GONE.rawValue:
            return ProcessError("tie to this process", path, errorNumber: number)
        default:
            return ProcessError("start", path, errorNumber: number)
        }
    }

    private static func folderError(_ folder: String, _ number: Int32) -> ProcessError {
        guard number == ENOENT || number == ENOTDIR else {
            return ProcessError("enter folder", folder, errorNumber: number)
        }
        return ProcessError(
            code: .noSuchFolder,
            operation: "enter folder",
            subject: folder,
            errorNumber: number,
            hint: "make it first"
        )
    }

    static func programError(_ path: String, _ number: Int32) -> ProcessError {
        let code: ProcessError.Code
        let hint: String
        switch number {
        case ENOENT, ENOTDIR:
            code = .noSuchProgram
            hint = "check the path, and the interpreter in its first line"
        case ENOEXEC, ELIBBAD, EISDIR:
            code = .notExecutable
            hint = "build it for this machine, or give a script a first line"
        case EACCES:
            code = .permissionDenied
            hint = "make the file executable"
        case E2BIG:
            code = .invalidCommand
            hint = "pass less in arguments and environment"
        default:
            return ProcessError("start", path, errorNumber: number)
        }
        return ProcessError(
            code: code,
            operation: "start",
            subject: path,
            errorNumber: number,
            hint: hint
        )
    }
}
