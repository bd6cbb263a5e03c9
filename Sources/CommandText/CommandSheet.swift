import ArgumentParser
import EmbeddedPipeline
import Manual

/// What the help of a command says of it: rows of a table, one a command, each of which a test looks for.
package struct CommandSheet: Sendable {
  /// The words of the command, such as `env up`.
  package let command: String
  let abstract: String
  let discussion: String

  init(_ command: String, _ abstract: String, _ discussion: String = "") {
    self.command = command
    self.abstract = abstract
    self.discussion = discussion
  }

  package static let all: [CommandSheet] = [
    CommandSheet(
      "check", "Judges a recording again, by its own scenario, another one, or with changed numbers.",
      """
      The same rules, evidence numbers, reports and exit status as of the run. A recording of which something is missing is no pass.
      """),
    CommandSheet(
      "compare", "Says where a run first differs from good ones, and what else does.",
      "Exit status: 0 nothing differs, 1 something does, or a part of the run is not known."),
    CommandSheet(
      "config", "Prints the settings in force, and where each comes from.",
      """
      Settings are those of --config FILE, else of $XDG_CONFIG_HOME/dubwatch/config.yaml (~/.config/dubwatch/config.yaml), else built in; \
      what a command line says goes before all of them.
      """),
    CommandSheet(
      "contract", "Compares a contract with what endpoints and logs really show, drafts one, or prints one."),
    CommandSheet(
      "contract check", "Prints per signal what is promised and what was found.",
      """
      Verdicts: same, no sample yet, other name, other type, other encoding, other label, ambiguous, missing. \
      Exit status: 0 all as promised, 1 something is not, 3 an endpoint or file cannot be read.
      """),
    CommandSheet(
      "contract init", "Drafts a contract from what an endpoint exposes and prints it as YAML."),
    CommandSheet(
      "contract show", "Prints a contract, or a commented template for one's own."),
    CommandSheet(
      "demo", "Shows the embedded pipeline live, unjudged. Needs nothing else.",
      "Scenarios: " + DemoScript.all.map { "\($0.name) (\($0.sentence))" }.joined(separator: "; ") + "."),
    CommandSheet(
      "doctor", "Says what is installed, what is missing, and what to do.",
      "Exit 0 when `dubwatch demo` can run, 1 when something is missing for it. What only compose environments need is told apart."),
    CommandSheet(
      "env", "Brings a compose environment up, shows how it stands, takes it down.",
      "A project is known by labels: what dubwatch did not make it never takes down."),
    CommandSheet(
      "env down", "Takes a project down with its networks and volumes, and verifies that nothing is left."),
    CommandSheet(
      "env status", "Lists the projects that dubwatch brought up, with their services.",
      "Exit 0 when there is one and all its services run and are healthy, else 1."),
    CommandSheet(
      "env up", "Starts the services and waits until all are healthy.",
      "When that fails, it says which service failed and why, and takes everything down again unless --keep says otherwise."),
    CommandSheet(
      "export", "Writes a recording as a page, a cast, lines, a report, metrics, a table or a trace."),
    CommandSheet(
      "fixture", "Makes and checks the 60 s test stream."),
    CommandSheet(
      "fixture make", "Makes the test stream and its dub with ffmpeg, in about 25 s.",
      """
      60 s of h264 1280x720 at 30 fps and AAC 48 kHz stereo, with a white flash and a beep at each mark of a fixed rhythm, and the mark's \
      number in both. Beside it lies the dub of its sound, FILE with .dub.aac for its ending, which serve echo-sts --voice dub answers with.
      """),
    CommandSheet(
      "fixture verify", "Checks a test stream by every rule of the data model.",
      "Exit status: 0 every rule is kept, 1 one is not or it is no media file, 3 the file or ffprobe cannot be had."),
    CommandSheet(
      "flaky", "Says of scenarios how often they fail, with what is known of that, by their recordings.",
      "Reads heads and verdicts only. Runs whose environment never came up, and inconclusive ones, are counted and no part of a rate."),
    CommandSheet(
      "frame", "Prints one rendered frame of a demo or of what runs.",
      "Give a recording, or --demo NAME, or --watch and the sources that `watch` takes."),
    CommandSheet(
      "healthcheck", "Asks a URL once: exit 0 when the answer is good, 1 when not.",
      "For images that have no shell. A status of 200 to 299 is good where the body has no status, or one of the usual good words (ok, healthy, up, …)."
    ),
    CommandSheet(
      "help", "Prints the help of a command with its page of the manual, or a page.",
      "Pages:\n" + ManualTopic.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n")),
    CommandSheet(
      "metrics", "Scrapes an endpoint once, or reads a file, and prints its metrics.",
      """
      An endpoint's Content-Type decides the format; a file is OpenMetrics when its last line is `# EOF`. What deviates from the format \
      costs no more than its line and is noted on standard error. Exit status: 0 printed, 1 no metrics (or, with --lint, deviations), \
      3 it cannot be read.
      """),
    CommandSheet(
      "probe", "Reads a media stream once and prints its A/V sync.",
      """
      Timestamp alignment of each 6 s segment, the true offset and speed of sound and picture where the stream carries the flashes and \
      beeps of the test stream, gaps, wraps and seams, tracks that come late, stop or jump. A live stream is read until it ends, for \
      --duration, or until ctrl-c. #audio=1 behind the address reads the second audio track. Needs ffmpeg.

      Exit status: 0 good, 1 a track is missing or its time stamps jump, nothing could be measured, sound and picture run at different \
      speeds, less than 95 % of the segments lie within the threshold, reading ended before the stream did, or the file is no media file, \
      3 the stream cannot be had.
      """),
    CommandSheet(
      "replay", "Shows a recording in the panes of a live run, with time travel.",
      """
      space plays and rests; d and D step by event, b and B by segment, e and E by violation, } and { by transition, fault or mark; a and A \
      change the speed; the last line is all of the recording, click or drag on it. Nothing can be injected.
      """),
    CommandSheet(
      "run", "Plays a scenario and judges it: brings an environment up, publishes, injects faults, always cleans up.",
      """
      Exit status: 0 everything held, 1 something did not or could not be observed (an optional expectation may stay unobserved, but not be \
      violated), 2 usage, 3 the environment could not be had. \
      `dubwatch scenarios` lists the built-in ones.
      """),
    CommandSheet(
      "runs", "Lists the recordings that are kept, and tidies them up.",
      """
      Recordings lie in $XDG_STATE_HOME/dubwatch/runs (~/.local/state/dubwatch/runs). A recording is named by its file, its name or the \
      beginning of it, latest or failed.
      """),
    CommandSheet(
      "runs list", "Lists them, the newest first."),
    CommandSheet(
      "runs show", "Says what is known of one."),
    CommandSheet(
      "runs pin", "Keeps one whatever its age."),
    CommandSheet(
      "runs rm", "Removes recordings."),
    CommandSheet(
      "runs prune", "Says which recordings are too old or too many; with --yes removes them.",
      "What is pinned, being written, or the only failure of its scenario stays."),
    CommandSheet(
      "runs compact", "Rewrites recordings with large chunks, which are smaller and faster to read."),
    CommandSheet(
      "runs path", "Prints the path of one, or of the folder."),
    CommandSheet(
      "scenarios", "Lists the built-in scenarios, one sentence each.",
      "--show prints one as the YAML file that it is: a start for one of your own. --rules prints what it may expect."),
    CommandSheet(
      "serve", "Runs one service of the embedded pipeline alone, as compose does, or many workers."),
    CommandSheet(
      "serve echo-sts", "The speech service that sends audio back as it came, or its dub.",
      """
      Variables, which flags go before: ECHO_HOST, ECHO_PORT, ECHO_PROCESSING_DELAY_MS, LOG_LEVEL, BACKPRESSURE_ENABLED, \
      BACKPRESSURE_THRESHOLD_LOW/MEDIUM/HIGH, AUTO_DISCONNECT_DELAY, ECHO_DUB_TRACK. In the voice dub the test stream's sound comes back \
      in other tones, so that whoever listens knows it from the original; other sound comes back as it came, which the log says.
      """),
    CommandSheet(
      "serve media-service", "The worker.",
      """
      Variables, which flags go before: RTSP_URL (or INPUT_URL), STS_URL, METRICS_HOST, METRICS_PORT, STREAM_ID, WORKER_ID, LOG_LEVEL, \
      MAX_INFLIGHT, FRAGMENT_TIMEOUT_MS, OUTPUT_URL, SEGMENT_LIMIT. http takes and puts MPEG-TS; rtmp and rtsp need ffmpeg. An input that \
      is not there after four tries within 7 s ends the worker, unless AWAIT_INPUT is true. Without an input, segments of silence are \
      cut by the clock.
      """),
    CommandSheet(
      "serve stream-origin", "The media server: MPEG-TS over HTTP, with MediaMTX's API and metrics.",
      """
      Publish with ffmpeg -re -i FILE -c copy -f mpegts http://HOST:PORT/live/test/in, read with ffplay http://HOST:PORT/live/test/in. \
      Variables, which flags go before: ORIGIN_HOST, ORIGIN_PORT, ORIGIN_API_PORT, ORIGIN_METRICS_PORT, LOG_LEVEL.
      """),
    CommandSheet(
      "serve fleet", "Many workers in one process, each with metrics of its own, for a Prometheus to scrape.",
      """
      The page of worker N is /worker/N/metrics. What a worker has counted is worked out from the time; nothing is dubbed. --sd-file \
      writes the targets for file_sd_configs.
      """),
    CommandSheet(
      "watch", "Watches services that already run.",
      """
      Any number of each source. With nothing given, the default endpoints of the contract on localhost are tried. What does not answer is \
      shown with its reason and picked up when it comes. Credentials never stand on the command line or on the screen.
      """),
  ]
}

extension CommandConfiguration {
  /// The configuration of a command by its words: its last word is its name, what help says of it stands in `CommandSheet`, its examples
  /// in `CommandExamples`.
  package init(
    of command: String, subcommands: [any ParsableCommand.Type] = [], defaultSubcommand: (any ParsableCommand.Type)? = nil
  ) {
    let sheet = CommandSheet.all.first { $0.command == command }
    let name = command.split(separator: " ").last.map(String.init)
    let discussion = sheet?.discussion ?? ""
    self.init(
      commandName: name, abstract: sheet?.abstract ?? "",
      discussion: subcommands.isEmpty ? CommandExamples.after(discussion, of: command) : discussion, subcommands: subcommands,
      defaultSubcommand: defaultSubcommand)
  }
}
