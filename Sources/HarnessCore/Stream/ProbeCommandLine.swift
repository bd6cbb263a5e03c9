/// ffmpeg as the one reader of a stream: its packets as they are, and beside them the brightness of each frame and the level of each
/// 5 ms of sound.
///
/// - Packets are copied to `framecrc`, which prints a line each. Between reader and printer ffmpeg would mend time stamps that fall: so
///   each packet's decoding time becomes its number (which always rises), its presentation time is moved by ``ptsBase`` and its
///   *duration* says what the decoding time was: presentation minus decoding time, and one (as 0 would be filled in).
/// - `-copyts` and the thresholds keep ffmpeg from moving whole streams at jumps: these are what is looked for.
/// - Frames get other time stamps after they were printed: the null output would complain of falling ones for ever. Which ones matters:
///   ffmpeg drives the output that lies furthest behind, and only the sound's filters, which cut one frame into four, need driving. So
///   copied packets seem far ahead, and pictures a second long. (Undriven, sound is told at a quarter of its own speed.)
/// - Brightness goes to standard output and levels to standard error, so that their two-line records never mix.
///
/// Measured with ffmpeg 5.1, 720p30 h264 and 48 kHz AAC: 5.3 % of a core live; packets only, 0.6 %. A deblocking filter that is left out and
/// a picture of 32x18 sampled points change the mean brightness of a flash by less than one step in 255.
struct ProbeCommandLine: Sendable, Hashable {
  static let brightnessKey = "lavfi.signalstats.YAVG"
  static let levelKey = "lavfi.astats.Overall.RMS_level"

  /// What is added to presentation times, in ticks: more than decoding times become, in any unit from 1/25 to 1/90000 s within 64 bits.
  static let ptsBase: Int64 = 200_000_000_000_000

  var address: StreamAddress
  var searchesMarks: Bool
  /// How much of the stream is looked at before its tracks are told, in seconds. ffmpeg's own 7 s of MPEG-TS delay everything by as much;
  /// with too little a stream that is joined far from a key frame cannot be opened.
  var analyzeSeconds = 3.0
  /// At how many times its own speed a file is read; nil for as fast as it goes.
  var pace: Double?

  var arguments: [String] {
    var all = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "level+info"]
    all += ["-copyts", "-dts_delta_threshold", "1000000000", "-dts_error_threshold", "1000000000"]
    if let pace { all += ["-readrate", String((pace * 1000).rounded() / 1000)] }
    all += ["-analyzeduration", "\(Int(analyzeSeconds * 1_000_000))", "-threads", "1", "-skip_loop_filter", "all"] + address.arguments
    all += ["-map", "0:v:0?", "-map", "0:a:0?", "-c", "copy", "-copyinkf", "-bsf:v", Self.packets, "-bsf:a", Self.packets]
    all += ["-max_interleave_delta", "1", "-flush_packets", "1", "-f", "framecrc", "pipe:1"]
    guard searchesMarks else { return all }
    all += ["-map", "0:a:0?", "-map", "0:v:0?", "-filter_threads", "1", "-vf", Self.brightness, "-af", Self.level]
    return all + ["-fps_mode", "passthrough", "-f", "null", "-"]
  }

  private static let packets = "setts=pts=PTS+\(ptsBase):dts=N+\(ptsBase / 2):duration=PTS-DTS+1"
  private static let brightness =
    "scale=32:18:flags=neighbor,signalstats,metadata=mode=print:key=\(brightnessKey):file='pipe\\:1':direct=1,setpts=N/TB"
  private static let level =
    "asetnsamples=240:p=0,astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=RMS_level,"
    + "ametadata=mode=print:key=\(levelKey):file='pipe\\:2':direct=1,asetpts=N"
}
