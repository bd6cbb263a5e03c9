import Contracts
import Events
import MCAP
import RunModel
import WireFormats

/// What a recording says of itself at its very beginning: metadata `dubwatch.run`.
package struct RecordingHead: Hashable, Sendable {
  /// The name of its metadata.
  package static let name = "dubwatch.run"
  /// The version of the format that this program writes, and the newest that it reads.
  package static let formatVersion = 1

  /// The version it was written in.
  package var formatVersion = RecordingHead.formatVersion
  /// The scenario's name; nil for a watch.
  package var scenario: String?
  /// The environment: `embedded`, `compose:NAME`, `attached`.
  package var environment = ""
  /// The contract's name when the run began.
  package var contract = ""
  /// Whether the run is judged.
  package var isJudged = false
  /// Pipeline speed; 1 is real time.
  package var speed = 1.0
  /// When the run's axis begins, by the wall clock.
  package var start = WallTime(epochSeconds: 0)
  /// Seconds east of UTC, where it was recorded.
  package var utcOffsetSeconds = 0
  /// Whether log texts were left out.
  package var lacksLogs = false
  /// Where and by what it was recorded: version, host, command, commit, branch, and whether the tree was edited since that commit (dirty:
  /// yes, no, not known; recordings of older versions do not say).
  package var origin: [String: String] = [:]

  /// Whether what ran is known not to be what was committed.
  package var isEdited: Bool { origin["dirty"] == "yes" }

  /// The commit of what ran; nil where it is not known, as of an edited tree.
  package var commit: String? { isEdited ? nil : origin["commit"] }

  /// Nothing known yet.
  package init() {}

  /// The beginning of the axis in nanoseconds since 1970: what is added to an instant for a log time.
  package var startNanoseconds: UInt64 {
    let seconds = start.epochSeconds
    guard seconds.isFinite, seconds > 0, seconds < 1e10 else { return 0 }
    return UInt64(seconds * 1e9)
  }

  /// Takes over what a run's description says.
  mutating func adopt(_ description: RunDescription) {
    scenario = description.scenario
    environment = description.environment
    contract = description.contract.name
    isJudged = !description.expectations.isEmpty
    speed = description.speed
    utcOffsetSeconds = description.localUTCOffsetSeconds
  }
}

extension RecordingHead {
  /// As it is written. The checksum covers all other texts: metadata has none of its own.
  package var metadata: MCAPMetadata {
    var texts = origin
    texts["format"] = String(formatVersion)
    texts["scenario"] = scenario
    texts["environment"] = environment
    texts["contract"] = contract
    texts["judged"] = isJudged ? "yes" : "no"
    texts["speed"] = speed.description
    texts["start"] = start.epochSeconds.description
    texts["utc_offset_s"] = String(utcOffsetSeconds)
    texts["logs"] = lacksLogs ? "left out" : "kept"
    return MCAPMetadata(name: Self.name, checked: texts)
  }

  /// Reads it back.
  /// - Throws: where a text is missing or wrong, or the checksum does not hold; and a newer version than this program reads.
  package init(_ metadata: MCAPMetadata) throws(Problem) {
    let texts = try metadata.checkedTexts()
    guard let version = texts["format"].flatMap({ Int($0) }), let start = texts["start"].flatMap({ Double($0) }), start.isFinite,
      let speed = texts["speed"].flatMap({ Double($0) }), speed.isFinite, speed > 0
    else { throw Problem(.badInput, "the recording's metadata says no version, start or speed") }
    guard (1...Self.formatVersion).contains(version) else {
      throw Problem(
        .badInput, "the recording has format \(version), and this dubwatch reads up to \(Self.formatVersion)", hint: "take a newer dubwatch"
      )
    }
    formatVersion = version
    scenario = texts["scenario"]
    environment = texts["environment"] ?? ""
    contract = texts["contract"] ?? ""
    isJudged = texts["judged"] == "yes"
    self.speed = speed
    self.start = WallTime(epochSeconds: start)
    utcOffsetSeconds = texts["utc_offset_s"].flatMap { Int($0) } ?? 0
    lacksLogs = texts["logs"] == "left out"
    let own: Set = ["format", "scenario", "environment", "contract", "judged", "speed", "start", "utc_offset_s", "logs"]
    origin = texts.filter { !own.contains($0.key) }
  }
}

extension MCAPMetadata {
  private static let checksum = "crc32"

  /// Metadata with a checksum over its texts.
  init(name: String, checked texts: [String: String]) {
    var texts = texts
    texts[Self.checksum] = Self.sum(of: texts)
    self.init(name: name, texts: texts)
  }

  /// The texts without their checksum.
  func checkedTexts() throws(Problem) -> [String: String] {
    var texts = texts
    let sum = texts.removeValue(forKey: Self.checksum)
    guard sum == Self.sum(of: texts) else { throw Problem(.badInput, "the recording's metadata \(name) does not fit its checksum") }
    return texts
  }

  private static func sum(of texts: [String: String]) -> String {
    var sum = CRC32()
    for (key, value) in texts.sorted(by: { $0.key < $1.key }) { sum.add(Array("\(key)\u{0}\(value)\u{0}".utf8)) }
    return String(sum.value)
  }
}
