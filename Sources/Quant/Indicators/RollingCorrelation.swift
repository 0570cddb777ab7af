// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Pearson's correlation of two series over the last `window` pairs, -1 to 1; first at the
/// `window`-th pair.
///
/// It is 0 when one of the series does not move. The sums are kept and built anew as those of
/// ``RollingMoments``, in TA-Lib's order since 0.8. A pair with a value that is not finite counts
/// as missing, and the window starts anew behind it.
public struct RollingCorrelation: ~Copyable, StreamingIndicator {
    /// Sums below this share of the squares they are taken from ask for new ones.
    private static let lost = 1e-6
    /// Sums below this share are rounding alone.
    private static let nothing = 1e-14
    /// A square that leaves and is so many times what stays asks for new sums.
    private static let buried = 1e6
    private static let renewalWindows = 32

    private let window: Int
    private let share: Double
    private var shift = (x: 0.0, y: 0.0)
    private var sum = (x: 0.0, y: 0.0)
    private var squares = (x: 0.0, y: 0.0)
    private var products = 0.0
    private var leaving = (x: 0.0, y: 0.0)
    private var seen = 0
    private var untilRenewal = 0
    private var left: Ring
    private var right: Ring

    /// Creates a correlation over so many pairs, at least one.
    @inline(__always)
    public init(window: Int) {
        left = Ring(window)
        right = Ring(window)
        self.window = window
        share = 1 / Double(window)
    }

    /// Takes the next pair and gives the correlation.
    @inline(__always)
    public mutating func next(_ pair: (Double, Double)) -> Double {
        guard pair.0.isFinite, pair.1.isFinite else {
            seen = 0
            return .nan
        }
        if seen == 0 { start(pair) }
        left.push(pair.0)
        right.push(pair.1)
        add(pair.0 - shift.x, pair.1 - shift.y)
        guard seen >= window - 1 else {
            seen += 1
            return .nan
        }
        untilRenewal -= 1
        if spread.x < Self.lost * squares.x || spread.y < Self.lost * squares.y
            || leaving.x > Self.buried * squares.x || leaving.y > Self.buried * squares.y
            || untilRenewal <= 0
        {
            renew()
        }
        let result = correlation
        remove(left[window - 1] - shift.x, right[window - 1] - shift.y)
        return result
    }

    /// The sums of squares about the means.
    @inline(__always)
    private var spread: (x: Double, y: Double) {
        (squares.x - sum.x * sum.x * share, squares.y - sum.y * sum.y * share)
    }

    @inline(__always)
    private var correlation: Double {
        let (x, y) = spread
        guard x > Self.nothing * squares.x, y > Self.nothing * squares.y else { return 0 }
        let value = (products - sum.x * sum.y * share) / (x * y).squareRoot()
        return min(1, max(-1, value))
    }

    private mutating func start(_ pair: (Double, Double)) {
        shift = pair
        clear()
        leaving = (0, 0)
        untilRenewal = Self.renewalWindows * window
    }

    private mutating func clear() {
        sum = (0, 0)
        squares = (0, 0)
        products = 0
    }

    @inline(__always)
    private mutating func add(_ x: Double, _ y: Double) {
        sum = (sum.x + x, sum.y + y)
        squares = (squares.x + x * x, squares.y + y * y)
        products += x * y
    }

    @inline(__always)
    private mutating func remove(_ x: Double, _ y: Double) {
        leaving = (x * x, y * y)
        sum = (sum.x - x, sum.y - y)
        squares = (squares.x - leaving.x, squares.y - leaving.y)
        products -= x * y
    }

    private mutating func renew() {
        untilRenewal = Self.renewalWindows * window
        var total = (x: 0.0, y: 0.0)
        for ago in (0..<window).reversed() {
            total = (total.x + left[ago], total.y + right[ago])
        }
        shift = (total.x * share, total.y * share)
        clear()
        for ago in (0..<window).reversed() { add(left[ago] - shift.x, right[ago] - shift.y) }
    }
}
