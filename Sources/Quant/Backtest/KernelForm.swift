// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CKernels

/// The forms of the loops over columns; results do not depend on which is used.
package enum KernelForm: Sendable {
    /// For any processor.
    case portable
    /// For processors with 256 bits side by side.
    case wide

    /// Asks for a form and returns the one that is used from now on; a seam for tests.
    @discardableResult
    package static func use(_ form: KernelForm) -> KernelForm {
        desk_use_form(form == .wide ? DESK_WIDE : DESK_PORTABLE) == DESK_WIDE ? .wide : .portable
    }
}
