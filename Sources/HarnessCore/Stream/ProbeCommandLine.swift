import MediaSync

/// ffmpeg as the one reader of a stream: its packets as they are, and beside them the brightness of each frame and the level of each
/// 5 ms of sound.
///
/// - Packets are copied to `framecrc`, which prints a line each. Between reader and printer ffmpeg would mend time stamps that fall: so
///   each packet's decoding time becomes its number (which always rises), its presentation time is moved by ``ptsBase`` and its
///   *duration* says what the decoding time was: presentation minus decoding time, and one (as 0 would be filled in). Of a packet without
///   a presentation time the decoding time stands in its place, and the duration is ``noPTS``.
/// - `-copyts` and the thresholds keep ffmpeg from moving whole streams at jumps: these are what is looked for.
/// - Frames get other time stamps after they were printed: the null output would complain of falling ones for ever. Which ones matters:
///   ffmpeg drives the output that lies furthest behind, and only the sound's filters, which cut one frame into four, need driving. So
///   copied packets seem far ahead, and pictures a second long. (Undriven, sound is told at a quarter of its own speed.)
/// - Which mark a picture shows is read from a strip of it, four to six times a second, and which one is heard from how often each piece of
///   sound crosses zero (``MarkCode``): both are numbers that filters print, so that nobody has to take pictures and sound out of ffmpeg.
/// - Loudness (`ebur128`) is counted beside the levels, and tells a summary at its end, which is left out.
/// - Brightness goes to standard output and levels to standard error, so that their two-line records never mix.
///
/// Measured with ffmpeg 5.1, 720p30 h264 and 48 kHz AAC: 5.3 % of a core live; packets only, 0.6 %. A deblocking filter that is left out and
/// a picture of 32x18 sampled points change the mean brightness of a flash by less than one step in 255.
struct ProbeCommandLine: Sendable, Hashable {
  static let brightnessKey = "lavfi.signalstats.YAVG"
  static let levelKey = "lavfi.astats.Overall.RMS_level"
  static let crossingsKey = "lavfi.astats.1.Zero_crossings"
  /// Of a picture of one point all statistics are the same: this one says that it is a square.
  static let squareKey = "lavfi.signalstats.YMIN"
  /// The brightest point of a picture, and how much its points differ from those of the one before.
  static let peakKey = "lavfi.signalstats.YMAX"
  static let changeKey = "lavfi.signalstats.YDIF"
  /// The loudness of the last 400 ms, and of all, ten times a second.
  static let momentaryKey = "lavfi.r128.M"
  static let integratedKey = "lavfi.r128.I"
  /// Of so many pictures one is searched for squares: at 30 in a second there are four between any two marks.
  static let squareStep = 5

  /// What is added to presentation times, in ticks: more than decoding times become, in any unit from 1/25 to 1/90000 s within 64 bits.
  static let ptsBase: Int64 = 200_000_000_000_000

  /// The duration that says of a packet that it has no presentation time, in ticks: longer than any is.
  static let noPTS: Int64 = 1 << 41
  /// At how many samples a second sound is looked at, so that its pieces are of one length whatever its own rate is.
  static let levelRate: Int64 = 48000

  /// What ffmpeg opens.
  enum Input: Sendable, Hashable {
    /// The address.
    case address
    /// Its own standard input, whatever it holds.
    case pipe
    /// Its own standard input, which holds the tracks to read and no others, as MPEG-TS.
    case transportPipe
  }

  var address: StreamAddress
  var input = Input.address
  var searchesMarks: Bool
  /// How much of the stream is looked at before its tracks are told, in seconds. ffmpeg's own 7 s of MPEG-TS delay everything by as much;
  /// with too little a stream that is joined far from a key frame cannot be opened.
  var analyzeSeconds = 3.0
  /// How much of it at most, in bytes; nil for ffmpeg's 5 MB.
  var analyzeBytes: Int?
  /// Which tracks are read: one that never sends anything keeps ffmpeg from reading the other.
  var tracks = Set(MediaTrack.allCases)
  /// At how many times its own speed a file is read; nil for as fast as it goes.
  var pace: Double?

  var arguments: [String] {
    var all = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info"]
    all += ["-copyts", "-dts_delta_threshold", "1000000000", "-dts_error_threshold", "1000000000"]
    if let pace { all += ["-readrate", String((pace * 1000).rounded() / 1000)] }
    if let analyzeBytes { all += ["-probesize", "\(analyzeBytes)"] }
    all += ["-analyzeduration", "\(Int(analyzeSeconds * 1_000_000))", "-threads", "1", "-skip_loop_filter", "all"] + source
    all += MediaTrack.allCases.flatMap(map) + ["-c", "copy", "-copyinkf", "-bsf:v", Self.packets, "-bsf:a", Self.packets]
    all += ["-max_interleave_delta", "1", "-flush_packets", "1", "-f", "framecrc", "pipe:1"]
    guard searchesMarks else { return all }
    all += map(.audio) + map(.video) + ["-filter_threads", "1", "-vf", Self.brightness, "-af", Self.level]
    return all + ["-fps_mode", "passthrough", "-f", "null", "-"]
  }

  private var source: [String] {
    switch input {
    case .address: address.arguments
    case .pipe: ["-protocol_whitelist", "pipe", "-i", "pipe:0"]
    case .transportPipe: ["-protocol_whitelist", "pipe", "-f", "mpegts", "-i", "pipe:0"]
    }
  }

  private func map(_ track: MediaTrack) -> [String] {
    guard tracks.contains(track) else { return [] }
    return ["-map", track == .video ? "0:v:0?" : "0:a:\(input == .transportPipe ? 0 : address.audioIndex)?"]
  }

  private static let packets =
    "setts=pts=if(eq(PTS\\,NOPTS)\\,DTS\\,PTS)+\(ptsBase):dts=N+\(ptsBase / 2):duration=if(eq(PTS\\,NOPTS)\\,\(noPTS)\\,PTS-DTS+1)"
  /// The squares of a mark as a picture of one point each, beside the picture as a whole. Their times say which they are: one picture in, one
  /// out, as nobody drives this branch.
  private static let squares: String = {
    let places = 0..<MarkCode.squareCount
    let (grid, first) = (MarkCode.grid, MarkCode.firstCell)
    let strip =
      "crop=iw*\(MarkCode.squareCount * MarkCode.squareCells)/\(grid.columns):ih*\(MarkCode.squareCells)/\(grid.rows)"
      + ":iw*\(first.column)/\(grid.columns):ih*\(first.row)/\(grid.rows)"
    let branches = places.map { place in
      "[s\(place)]crop=1:1:\(place):0,setpts=PTS*\(MarkCode.squareCount)+\(place),signalstats"
        + ",metadata=mode=print:key=\(squareKey):file='pipe\\:1':direct=1,nullsink"
    }
    let outputs = places.map { "[s\($0)]" }.joined()
    return "[squares]framestep=\(squareStep),\(strip),scale=\(MarkCode.squareCount):1:flags=area,format=yuv444p"
      + ",split=\(MarkCode.squareCount)\(outputs);\(branches.joined(separator: ";"))"
  }()

  // Of 10 bits a sample signalstats would count up to 1023, where all that is told apart is of 8.
  private static let brightness =
    "split[whole][squares];\(squares);[whole]scale=32:18:flags=neighbor,format=yuv420p,signalstats,"
    + [peakKey, changeKey, brightnessKey].map { "metadata=mode=print:key=\($0):file='pipe\\:1':direct=1," }.joined() + "setpts=N/TB"
  // Where sound has that rate nothing is resampled.
  private static let level =
    "aresample=\(levelRate),asplit[levels][loud];[loud]ebur128=metadata=1"
    + [momentaryKey, integratedKey].map { ",ametadata=mode=print:key=\($0):file='pipe\\:2':direct=1" }.joined()
    + ",anullsink;[levels]asetnsamples=\(Int(StreamAnalysis.levelSeconds * Double(levelRate))):p=0,astats=metadata=1:reset=1:measure_perchannel=Zero_crossings:measure_overall=RMS_level,"
    + "ametadata=mode=print:key=\(crossingsKey):file='pipe\\:2':direct=1,ametadata=mode=print:key=\(levelKey):file='pipe\\:2':direct=1,asetpts=N"
}
