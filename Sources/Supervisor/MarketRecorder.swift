// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics
public import Desk

/// Keeps the views of the market's history that agents are shown.
///
/// The supervisor knows nothing of prices: it hands over the body of each committed `bars`
/// signal, in order, and asks for the hash of a view. Views are a cache of the ingestor's branch
/// and are built anew whenever a supervisor starts.
public protocol MarketRecorder: AnyObject {
    /// Forgets everything, so that history can be recorded from its beginning.
    func restart() throws
    /// Takes in the bars of one more instant.
    func record(_ bars: JSON) throws
    /// Makes the views on disk say what has been recorded, as of an instant.
    func publish(at time: Instant) throws
    /// The hash of what a view shows; nil for a view of nothing.
    func hash(of view: MarketView) -> ContentHash?
}
