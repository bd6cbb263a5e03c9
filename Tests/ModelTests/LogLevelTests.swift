import Contracts
import Events
import Testing

/// How grave a line says it is, in every spelling.
@Suite struct LogLevelTests {
  private func levels(_ lines: [String], _ format: LogFormat = .json) -> [LogLevel?] {
    var matcher = LogMatcher(contract: Contract(name: "x", summary: "", logFormat: format), hostUTCOffsetSeconds: 0)
    return lines.map { matcher.match($0, service: "worker").line.level }
  }

  @Test(arguments: [
    (LogLevel.debug, ["trace", "debug", "dbg", "verbose"]), (.info, ["info", "inf", "information", "notice"]),
    (.warning, ["warn", "warning", "wrn"]), (.error, ["err", "error", "eror", "severe", "sev"]),
    (.critical, ["crit", "critical", "fatal", "panic", "emerg", "emergency", "alert", "ftl", "dpanic"]),
  ])
  func `words in any case under any key`(level: LogLevel, words: [String]) {
    let keys = [
      "level", "levelname", "level_name", "lvl", "severity", "log.level", "loglevel", "log_level", "priority", "Level", "@l", "PRIORITY",
      "severityText",
    ]
    for word in words {
      for spelling in [word, word.uppercased(), word.prefix(1).uppercased() + word.dropFirst()] {
        for key in keys { #expect(levels(["{\"\(key)\":\"\(spelling)\",\"msg\":\"x\"}"]) == [level], "\(key) \(spelling)") }
      }
    }
  }

  @Test(arguments: [
    // pino and bunyan
    (#"{"level":10}"#, LogLevel.debug), (#"{"level":20}"#, .debug), (#"{"level":30}"#, .info), (#"{"level":40}"#, .warning),
    (#"{"level":50}"#, .error), (#"{"level":60}"#, .critical), (#"{"level":"50"}"#, .error), (#"{"level":35}"#, .info),
    // Python's own keys
    (#"{"levelno":10}"#, .debug), (#"{"levelno":20}"#, .info), (#"{"levelno":30}"#, .warning), (#"{"levelno":40}"#, .error),
    (#"{"levelno":50}"#, .critical), (#"{"level":40,"levelno":40}"#, .error), (#"{"levelname":"ERROR","level":40}"#, .error),
    (#"{"level":50,"levelname":"x"}"#, .critical),
    // syslog
    (#"{"severity":0}"#, .critical), (#"{"severity":2}"#, .critical), (#"{"severity":3}"#, .error), (#"{"severity":4}"#, .warning),
    (#"{"severity":5}"#, .info), (#"{"severity":6}"#, .info), (#"{"severity":7}"#, .debug), (#"{"PRIORITY":"3"}"#, .error),
    (#"{"priority":4}"#, .warning),
    // letters
    (#"{"level":"E"}"#, .error), (#"{"level":"W"}"#, .warning), (#"{"level":"I"}"#, .info), (#"{"level":"C"}"#, .critical),
    (#"{"level":"F"}"#, .critical), (#"{"level":"D"}"#, .debug),
    // nested
    (#"{"log":{"level":"error"}}"#, .error), (#"{"log.level":"error"}"#, .error),
    (#"{"record":{"level":{"name":"ERROR","no":40}}}"#, .error), (#"{"level":{"name":"ERROR"}}"#, .error),
    // What is no level leaves the next key its say.
    (#"{"level":3,"severity":"ERROR"}"#, .error), (#"{"level":"info","severity":"high"}"#, .info),
    (#"{"severity":"medium","level":"info"}"#, .info),
  ])
  func `numbers letters and nested keys`(line: String, level: LogLevel) { #expect(levels([line]) == [level]) }

  @Test(arguments: [
    #"{"msg":"x"}"#, #"{"level":3}"#, #"{"level":"high"}"#, #"{"severity":"medium"}"#, #"{"level":true}"#, #"{"level":null}"#,
    #"{"level":""}"#,
    #"{"level":1e300}"#, #"{"severity":8}"#, #"{"data":{"level":"error"}}"#, "just words", "",
  ])
  func `what says no level has none`(line: String) { #expect(levels([line]) == [nil]) }

  @Test func `a pythons contract counts as python does`() {
    #expect(levels([#"{"level":40}"#, #"{"level":50}"#], .pythonLogging) == [.error, .critical])
    #expect(levels([#"{"level":40}"#, #"{"level":50}"#], .json) == [.warning, .error])
  }

  @Test(arguments: LogFormat.allCases)
  func `heads of plain lines are read in every contract`(format: LogFormat) {
    let lines = ["CRITICAL: x", "[ERROR] x", "ERROR x", "E1126 12:06:01.147 7 f.go:1] x", "level=error msg=x", "INFO:     x"]
    #expect(levels(lines, format) == [.critical, .error, .error, .error, .error, .info])
  }

  @Test(arguments: LogFormat.allCases)
  func `a breakdown is an error to its last line`(format: LogFormat) {
    let info = #"{"level":"info","msg":"x"}"#
    let python = [
      info, "Traceback (most recent call last):", "  File \"/w.py\", line 3, in run", "    raise TimeoutError()", "TimeoutError: late", "",
      "During handling of the above exception, another exception occurred:",
    ]
    #expect(levels(python, format).prefix(5) == [.info, .error, .error, .error, .error])
    let chained =
      [info] + python[1...3] + [
        "During handling of the above exception, x:", "Traceback (most recent call last):", "  a", "E: x", "y", info,
      ]
    #expect(levels(chained, format) == [.info, .error, .error, .error, .error, .error, .error, .error, .info, .info])
    let go = [info, "panic: boom", "", "goroutine 1 [running]:", "main.main()", "\t/x.go:12 +0x1", "exit status 2", "ready again", info]
    #expect(levels(go, format) == [.info, .error, .error, .error, .error, .error, .error, .info, .info])
    let java = [info, "Exception in thread \"main\" java.lang.X: y", "\tat a.b(C.java:1)", "Caused by: z", "\t... 3 more", "ready again"]
    #expect(levels(java, format) == [.info, .error, .error, .error, .error, .info])
    let rust = ["thread 'main' panicked at src/main.rs:2:5:", "boom", "ready again", "thread 'x' is ready"]
    #expect(levels(rust, format) == [.error, .error, nil, nil])
  }

  @Test func `what is graver stays graver, and a time of its own makes a line its own`() {
    let lines = [
      "2026-11-22 13:06:01,147 - a - CRITICAL - x", "Traceback (most recent call last):", "  File", "X: y", "2026-11-22 13:06:02,147 z",
      " more",
    ]
    #expect(levels(lines, .pythonLogging) == [.critical, .critical, .critical, .critical, nil, nil])
  }
}
