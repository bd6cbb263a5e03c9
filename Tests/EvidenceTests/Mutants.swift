import Events
import RunModel

/// What can happen to a witness: each takes from a run what one of its sources told, and nothing of what was so.
enum Mutants {
  static let all: [(name: String, change: @Sendable (inout FakeRun) -> Void)] = [
    ("log silent in the run", { $0.lines.removeAll { $0.at > FakeRun.began } }),
    (
      "log silent from the middle on",
      { run in
        let half = run.seconds / 2; run.lines.removeAll { $0.at > half }
      }
    ),
    ("log deleted", { $0.isLogReadable = false }),
    ("log truncated in between", { $0.losses.append($0.seconds / 2) }),
    (
      "log of another format",
      { run in
        for index in run.lines.indices { run.lines[index].text = "2025-12-31 00:00:10 INFO \(index): something of which nothing is known" }
      }
    ),
    (
      "log in other words",
      { run in
        for index in run.lines.indices {
          run.lines[index].text = FakeRun.line(run.lines[index].at, "info", "something else happened", #""number":\#(index)"#)
        }
      }
    ),
    (
      "log of warnings only",
      { $0.lines.removeAll { !$0.text.contains(#""level":"warning""#) && !$0.text.contains(#""level":"critical""#) } }
    ),
    (
      "log an hour behind",
      { run in
        for index in run.lines.indices {
          let at = FakeRun.start + run.lines[index].at
          run.lines[index].text = run.lines[index].text.replacing("\"timestamp\":\(at)", with: "\"timestamp\":\(at - 3600)")
        }
      }
    ),
    (
      "log of a day ago",
      { run in
        for index in run.lines.indices { run.lines[index].isPast = true }
        for index in run.lines.indices {
          let at = FakeRun.start + run.lines[index].at
          run.lines[index].text = run.lines[index].text.replacing("\"timestamp\":\(at)", with: "\"timestamp\":\(at - 86_400)")
        }
      }
    ),
    ("metrics frozen", { $0.pages = Array($0.pages.prefix(1)) }),
    ("metrics empty", { $0.pages = [(0, "\n")] }),
    ("metrics of another program", { $0.pages = [(0, "# TYPE go_goroutines gauge\ngo_goroutines 7\n")] }),
    ("metrics withheld", { $0.pages = [] }),
    ("metrics withheld in the middle", { $0.unscraped = [($0.seconds / 3)...($0.seconds * 2 / 3)] }),
    ("metrics doubled", { $0.otherPages["other"] = $0.pages.first?.text }),
    (
      "process restarted",
      { run in
        let half = run.seconds / 2
        guard let fresh = run.pages.first?.text else { return }
        run.pages.removeAll { $0.from > half }
        run.pages.append(
          (
            half,
            fresh.replacing("process_start_time_seconds \(FakeRun.start - 100)", with: "process_start_time_seconds \(FakeRun.start + half)")
          ))
        run.happenings.append(
          (
            half + 1,
            Happening(.lifecycle(.restarted(evidence: "process_start_time_seconds rose")), service: .mediaService, provenance: .inferred)
          ))
      }
    ),
    ("stream withheld", { $0.output = nil }),
    (
      "stream away for 20 s",
      { run in
        let half = run.seconds / 2; run.outages = [half...(half + 20)]
      }
    ),
    ("nothing published", { $0.published = nil }),
    ("service not asked for its health", { $0.unasked = [.speechService] }),
  ]
}
