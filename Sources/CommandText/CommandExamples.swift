/// What commands look like in use: rows of a table, each of which a test parses.
package enum CommandExamples {
  /// By the words of the command.
  package static let all: [(command: String, lines: [(words: String, meaning: String)])] = [
    (
      "demo",
      [
        ("demo", "everything, on a screen"),
        ("demo circuit-breaker --speed 4", "one scenario, four times as fast"),
        ("demo --plain", "one line per change, for pipes and screen readers"),
      ]
    ),
    (
      "watch",
      [
        ("watch", "the default endpoints on this machine"),
        ("watch --compose my-project", "all services of a compose project"),
        (
          "watch --health media-service=http://127.0.0.1:8000/health --metrics http://127.0.0.1:8000/metrics --logs media-service=worker.log",
          "what is named"
        ),
        ("watch --prometheus http://127.0.0.1:9090 --match 'job=\"media-service\"'", "all workers that a Prometheus scrapes"),
        ("watch --stream rtsp://127.0.0.1:8554/live/test/out", "the sync of a stream"),
        ("watch --metrics env:METRICS_URL", "a URL with a password, out of a variable"),
      ]
    ),
    (
      "run",
      [
        ("run circuit-breaker", "one scenario, judged"),
        ("run --all --headless --junit report.xml", "all of them, for CI"),
        ("run scenario.yaml --env attach --publish rtmp://127.0.0.1/live/test/in", "your own, on services that run"),
      ]
    ),
    (
      "replay",
      [
        ("replay latest", "the newest recording"), ("replay failed --at violation", "the newest failure, where something is violated"),
        ("replay run.mcap --at 00:52 --speed 4", "a file, from a time on"),
      ]
    ),
    (
      "check",
      [
        ("check latest", "the newest recording, judged again"), ("check run.mcap --set cooldown_s=25", "with another limit"),
        ("check run.mcap --scenario circuit-breaker --junit report.xml", "by another scenario"),
      ]
    ),
    (
      "compare",
      [
        ("compare failed", "the newest failure, beside the last 20 runs of its scenario that passed"),
        ("compare bad.mcap good1.mcap good2.mcap --json", "files, for programs"),
        ("compare latest --against verdict=passed", "what is kept"),
      ]
    ),
    (
      "flaky",
      [
        ("flaky", "all that is kept"), ("flaky --scenario circuit-breaker --since 14d", "one scenario, two weeks"),
        ("flaky runs/ --json", "a folder, for programs"),
      ]
    ),
    (
      "export",
      [
        ("export failed --html --output run.html", "one page to send"),
        ("export latest --cast --size 120x40 --output run.cast", "a cast of the screen"),
        ("export latest --csv fragments_sent", "a signal as a table"), ("export latest --openmetrics --output run.om", "for promtool"),
      ]
    ),
    ("runs list", [("runs", "what is kept"), ("runs list --verdict failed --json", "failures, for programs")]),
    ("runs show", [("runs show latest", "all that is known of one")]),
    ("runs pin", [("runs pin latest", "one that stays"), ("runs pin latest --off", "and one that does not")]),
    ("runs rm", [("runs rm 2026-11-26T141530Z", "one, by the beginning of its name")]),
    ("runs prune", [("runs prune", "what would go"), ("runs prune --days 30 --yes", "and gone")]),
    ("runs compact", [("runs compact", "smaller and faster to read")]),
    ("runs path", [("runs path latest", "for other programs")]),
    ("scenarios", [("scenarios", "the names"), ("scenarios --show circuit-breaker", "one as a file to begin with")]),
    (
      "frame",
      [
        ("frame --demo circuit-breaker --after 20", "as text"), ("frame --demo everything --format svg --theme light", "as a picture"),
        ("frame latest --at violation --size 120x40", "of a recording"),
      ]
    ),
    ("fixture make", [("fixture make", "dubwatch-60s.mp4 in this folder")]),
    ("fixture verify", [("fixture verify dubwatch-60s.mp4", "every rule")]),
    (
      "probe",
      [
        ("probe film.ts", "a file"), ("probe rtmp://127.0.0.1/live/test/out --duration 60", "a minute of a live stream"),
      ]
    ),
    ("contract check", [("contract check --metrics http://127.0.0.1:8000/metrics --logs worker.log", "signals, promised and found")]),
    (
      "contract show",
      [
        ("contract show media-service", "a built-in contract, as an example"),
        ("contract show --template", "one to begin with"),
      ]
    ),
    ("contract init", [("contract init --metrics http://127.0.0.1:8000/metrics --name mine", "a draft")]),
    ("metrics", [("metrics http://127.0.0.1:8000/metrics", "a scrape"), ("metrics scrape.txt --json", "a file, as JSON")]),
    ("env up", [("env up --offline", "without pulling an image")]),
    ("env status", [("env status", "what is up")]),
    ("env down", [("env down --all", "takes down what dubwatch brought up")]),
    ("serve echo-sts", [("serve echo-sts --port 0", "on a free port")]),
    ("serve media-service", [("serve media-service --sts-url http://127.0.0.1:8080", "segments of silence")]),
    ("serve stream-origin", [("serve stream-origin --port 8080", "MPEG-TS over HTTP")]),
    ("serve fleet", [("serve fleet --workers 200 --failing 3% --sd-file workers.json", "a fleet for a Prometheus")]),
    ("healthcheck", [("healthcheck http://127.0.0.1:8000/health", "exit 0 or 1")]),
    ("doctor", [("doctor", "everything"), ("doctor --no-docker", "without compose environments")]),
    ("config", [("config", "what is in force"), ("config --config team.yaml", "of another file")]),
    ("help", [("help run", "a command"), ("help contracts", "a page of the manual")]),
  ]

  /// A discussion with the examples of a command after it.
  package static func after(_ discussion: String = "", of command: String) -> String {
    let lines = all.first { $0.command == command }?.lines ?? []
    let examples = lines.map { "  dubwatch \($0.words)\n      \($0.meaning)" }.joined(separator: "\n")
    return (discussion.isEmpty ? "" : discussion + "\n\n") + "Examples:\n" + examples
  }
}
