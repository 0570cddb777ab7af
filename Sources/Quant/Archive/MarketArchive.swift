// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

public import Basics

/// The recorded history of a market on disk, in the views that agents are shown.
///
/// `full/history.csv` holds everything. `research/history.csv` ends where the sealed window before
/// now begins, and `research/latest_data.parquet` holds the last bars of each symbol. Histories
/// only grow.
public struct MarketArchive {
    /// The file of a view that only grows.
    public static let historyFile = "history.csv"

    private let folder: Folder
    private let sealedYears: Int
    private let recentBars: Int
    private var full: GrowingFile
    private var research: GrowingFile
    private var latest: LatestBars
    /// The hash of the file of last bars.
    public private(set) var latestHash = RunningHash().value
    /// Bars that the research view does not show yet, oldest first from ``sealedStart``.
    private var sealed: [Bar] = []
    private var sealedStart = 0

    /// Keeps an archive in a folder.
    /// - Parameters:
    ///   - folder: The folder of the views.
    ///   - sealedYears: The years before now that the research view does not show.
    ///   - recentBars: The last bars of each symbol that it shows all the same.
    public init(folder: Folder, sealedYears: Int, recentBars: Int) {
        self.folder = folder
        self.sealedYears = sealedYears
        self.recentBars = recentBars
        latest = LatestBars(limit: recentBars)
        full = GrowingFile(folder: folder.folder("full"), name: Self.historyFile)
        research = GrowingFile(folder: folder.folder("research"), name: Self.historyFile)
    }

    /// The hash of everything published.
    public var fullHash: ContentHash { full.hash }

    /// The hash of what the research view shows.
    public var researchHash: ContentHash {
        ContentHash(of: "\(research.hash)\(latestHash)")
    }

    /// Forgets everything, on disk as well.
    /// - Throws: A `FileError`.
    public mutating func restart() throws(FileError) {
        try folder.removeAll()
        try folder.create()
        try folder.folder("full").create()
        try folder.folder("research").create()
        self = MarketArchive(folder: folder, sealedYears: sealedYears, recentBars: recentBars)
    }

    /// Takes in the bars of one more instant; they reach the disk at the next publication.
    ///
    /// A bar that is not later than the last one of its symbol is left out: it was taken in before,
    /// and comes again when somebody has rewritten what the ingestor said.
    public mutating func record(_ bars: [Bar]) {
        let bars = bars.filter { latest.isNew($0) }
        full.add(bars)
        sealed += bars
        latest.record(bars)
    }

    /// Brings the views on disk up to an instant.
    /// - Throws: A `FileError`, or a ``QuantError`` for a bar that no file may hold.
    public mutating func publish(at time: Instant) throws {
        let seal = Instant(time.date.adding(years: -sealedYears))
        let open = sealed[sealedStart...].prefix { $0.time <= seal }
        research.add(Array(open))
        sealedStart += open.count
        if sealedStart > 4096 {
            sealed.removeFirst(sealedStart)
            sealedStart = 0
        }
        try full.write()
        try research.write()
        guard let bytes = try latest.parquet() else { return }
        latestHash = ContentHash(of: bytes)
        try folder.folder("research").overwrite(LatestBars.file, with: bytes)
    }
}
