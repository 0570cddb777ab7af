// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a tree entry is: a plain file, a program, a folder, or a symbolic link.
///
/// Entries that point into another repository have no mode here: reading a tree that has one
/// fails with `.invalid`, because a desk never holds any.
public enum FileMode: UInt32, Sendable {
    /// A file that is not run.
    case regular = 0o100644
    /// A file that may be run.
    case executable = 0o100755
    /// A folder.
    case tree = 0o040000
    /// A symbolic link; its blob holds the target.
    case link = 0o120000

    /// Reads the octal digits of a tree object; old writers gave plain files other group bits.
    init?(octal: ArraySlice<UInt8>) {
        var value: UInt32 = 0
        guard !octal.isEmpty, octal.count <= 7 else { return nil }
        for digit in octal {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
            value = value << 3 | UInt32(digit - UInt8(ascii: "0"))
        }
        if value & 0o170000 == 0o100000 {
            self = value & 0o100 == 0 ? .regular : .executable
        } else {
            self.init(rawValue: value)
        }
    }

    /// The digits that a tree object holds: octal, without a leading zero.
    var octal: [UInt8] {
        switch self {
        case .regular: Self.regularDigits
        case .executable: Self.executableDigits
        case .tree: Self.treeDigits
        case .link: Self.linkDigits
        }
    }

    // Each name of each folder that changes needs them, so they are made once.
    private static let regularDigits = digits(of: .regular)
    private static let executableDigits = digits(of: .executable)
    private static let treeDigits = digits(of: .tree)
    private static let linkDigits = digits(of: .link)

    private static func digits(of mode: FileMode) -> [UInt8] {
        Array(String(mode.rawValue, radix: 8).utf8)
    }
}
