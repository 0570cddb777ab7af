// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The forms of the loops over columns; results do not depend on which is used.
package enum KernelForm: Sendable {
    /// For any processor.
    case portable
    /// For processors with 256 bits side by side.
    case wide
    /// For those with 512.
    case widest

    /// Asks for a form and returns the one that is used from now on; a seam for tests.
    @discardableResult
    package static func use(_ form: KernelForm) -> KernelForm {
        let wanted =
            switch form {
            case .portable: DESK_PORTABLE
            case .wide: DESK_WIDE
            case .widest: DESK_WIDEST
            }
        return switch desk_use_form(wanted) {
        case DESK_WIDEST: .widest
        case DESK_WIDE: .wide
        default: .portable
        }
    }
}
