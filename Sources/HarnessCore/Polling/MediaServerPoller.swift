import Events
import RunModel
import WireFormats

/// Lists the paths of a MediaMTX by its API, `GET /v3/paths/list`, all pages of it; of an older one where that lists them.
package actor MediaServerPoller: EventSource {
  /// How many paths one page is asked to hold.
  static let pageSize = 100
  /// How many pages are read at most: a list beyond is cut, and said to be.
  static let pageLimit = 20

  /// Who it is.
  package nonisolated let id: SourceID
  private let poll: PollTarget
  /// Where the paths are listed; of several the first that is there.
  private var lists: [TargetURL]
  private var list: TargetURL { lists[0] }
  private let fetcher: HTTPFetcher
  private let clock: any RunClock
  private let random: RandomUnit
  private var saidCut = false

  /// A poller of one media server; a URL without a path means `/v3/paths/list` there, or what older versions have instead.
  package init(_ poll: PollTarget, fetcher: HTTPFetcher, clock: any RunClock, random: @escaping RandomUnit = systemRandomUnit) {
    id = SourceID(.mediaServer, poll.service)
    self.poll = poll
    let places = MediaPathList.places.map { poll.target.defaulting(path: $0.path) }
    // With a path of its own a target is the same whatever it defaults to.
    lists = places.dropFirst().contains(places[0]) ? [places[0]] : places
    self.fetcher = fetcher
    self.clock = clock
    self.random = random
  }

  /// Produces events until cancelled.
  package func run(into sink: any EventSink) async {
    var loop = PollLoop(id: id, target: list.description, clock: clock, schedule: PollSchedule(interval: poll.interval), random: random)
    await loop.run(into: sink) { await read(sink) }
  }

  private static let notThere = 404

  /// What an answer that is no success means, and what to do.
  private func reason(status: Int) -> String {
    switch status {
    case 401, 403:
      "HTTP \(status): the API wants credentials: give --credentials \(id.service)=basic:env:USER,PASSWORD, or allow \"api\" for this address in MediaMTX's "
        + "authInternalUsers"
    case Self.notThere where lists.count > 1:
      "HTTP 404: none of \(MediaPathList.places.map(\.path).joined(separator: ", ")) is there: is this MediaMTX's API (port 9997 by default)?"
    case Self.notThere:
      "HTTP 404: MediaMTX lists its paths at "
        + MediaPathList.places.map { "\($0.path) (\($0.versions))" }.joined(separator: ", ") + ": give the URL without a path"
    default: "HTTP \(status)"
    }
  }

  private func read(_ sink: any EventSink) async -> PollOutcome {
    var paths: [MediaPath] = []
    var latency = 0.0
    var pageCount = 1
    var page = 0
    var triedElsewhere = 0
    let deadline = ContinuousClock.now + .nanoseconds(Int64(poll.timeout * 1e9))
    repeat {
      let left = (deadline - ContinuousClock.now).components
      let seconds = Double(left.seconds) + Double(left.attoseconds) / 1e18
      guard seconds > 0 else { return .failed(FetchFailure.timedOut(seconds: poll.timeout).description) }
      switch await readPage(page, timeout: seconds) {
      case .failure(.cancelled): return .read
      case .failure(.unfit(Self.notThere)) where page == 0 && triedElsewhere < lists.count - 1:
        triedElsewhere += 1
        lists.append(lists.removeFirst())
        continue
      case .failure(.unfit(let status)): return .refused(reason(status: status))
      case .failure(.unreadable(let reason)): return .refused(reason)
      case .failure(.fetch(let failure)): return .failed(failure.description)
      case .success(let (found, pages, took)):
        paths += found
        pageCount = pages
        latency += took
        if found.isEmpty { pageCount = page + 1 }
      }
      page += 1
    } while page < min(pageCount, Self.pageLimit)
    await sayCut(pageCount > Self.pageLimit, sink)
    let sample = MediaPathsSample(service: poll.service, paths: paths, latencyMilliseconds: latency)
    await sink.emit(.sample(.mediaPaths(sample)), from: id)
    return .read
  }

  private enum PageFailure: Error {
    case cancelled
    /// No answer, or not all of one.
    case fetch(FetchFailure)
    /// An answer of another status than success.
    case unfit(Int)
    /// An answer that is no list of paths; why.
    case unreadable(String)
  }

  private func readPage(_ page: Int, timeout: Double) async -> Result<([MediaPath], Int, Double), PageFailure> {
    let target = list.adding(query: [("itemsPerPage", String(Self.pageSize)), ("page", String(page))])
    let request = FetchRequest(
      target, credentials: poll.credentials ?? poll.target.embeddedCredentials, timeoutSeconds: timeout, bodyLimit: 4 * 1024 * 1024,
      overflow: .fail, accept: "application/json")
    do {
      let answer = try await fetcher.get(request)
      guard answer.isSuccess else { return .failure(.unfit(answer.status)) }
      guard let (paths, pages) = MediaPathList.parse(answer.body, isOldest: list.description.contains("/v1/")) else {
        return .failure(.unreadable("the answer is no list of paths (MediaMTX API /v3/paths/list expected)"))
      }
      return .success((paths, pages, answer.latencyMilliseconds))
    } catch {
      // A page is given what is left of the whole time: the limit to name is the whole one.
      if case .timedOut = error { return .failure(.fetch(.timedOut(seconds: poll.timeout))) }
      if case .incomplete(_, let hasData) = error { return .failure(.fetch(.incomplete(seconds: poll.timeout, hasData: hasData))) }
      return .failure(error == .cancelled ? .cancelled : .fetch(error))
    }
  }

  private func sayCut(_ isCut: Bool, _ sink: any EventSink) async {
    guard isCut != saidCut else { return }
    saidCut = isCut
    let finding = Finding(
      id: "media-paths-cut", text: "more than \(Self.pageSize * Self.pageLimit) paths: only the first are shown", holds: isCut)
    await sink.emit(.happening(Happening(.finding(finding), service: poll.service, provenance: .own)), from: id)
  }
}
