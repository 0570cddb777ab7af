// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What SwiftPM's start-up code tells the Swift runtime of this program's Swift code. There is none
/// here, and with this in place the linker leaves the runtime out.
void swift_addNewDSOImage(const void *image);

void swift_addNewDSOImage(const void *image) {
    (void)image;
}
