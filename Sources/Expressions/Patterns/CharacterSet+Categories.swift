// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

extension CharacterSet {
    /// The characters of a general category of Unicode such as `Lu`, of a group of them such as
    /// `L`, or of `Any`.
    static func category(_ name: String) -> CharacterSet? {
        name == "Any" ? .all : categories[name]
    }

    /// Every category and group by its short name; found once, in one pass over all characters.
    private static let categories: [String: CharacterSet] = {
        var ranges: [String: [ClosedRange<UInt32>]] = [:]
        var first: UInt32 = 0
        var current = abbreviation(of: 0)
        for code: UInt32 in 1...0x110000 {
            let next = code > 0x10FFFF ? "" : abbreviation(of: code)
            guard next != current else { continue }
            ranges[current, default: []].append(first...(code - 1))
            ranges[String(current.prefix(1)), default: []].append(first...(code - 1))
            (first, current) = (code, next)
        }
        return ranges.mapValues { CharacterSet($0) }
    }()

    private static func abbreviation(of code: UInt32) -> String {
        guard let scalar = Unicode.Scalar(code) else { return "Cs" }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }
}
