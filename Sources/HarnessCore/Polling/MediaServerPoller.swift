import Events
import RunModel
import WireFormats

/// Lists the paths of a MediaMTX by its API, `GET /v3/paths/list`, all pages of it.
package actor MediaServerPoller: EventSource {
  /// How many paths one page is asked to hold.
  static let pageSize = 100
  /// How many pages are read at most: a list beyond is cut, and said to be.
  static let pageLimit = 20

  /// Who it is.
  package nonisolated let id: SourceID
  private let poll: PollTarget
  private let list: TargetURL
  private let fetcher: HTTPFetcher
  private let clock: any RunClock
  private let random: RandomUnit
  private var saidCut = false

  /// A poller of one media server; a URL without a path means `/v3/paths/list` there.
  package init(_ poll: PollTarget, fetcher: HTTPFetcher, clock: any RunClock, random: @escaping RandomUnit = systemRandomUnit) {
    id = SourceID(.mediaServer, poll.service)
    self.poll = poll
    list = poll.target.defaulting(path: "/v3/paths/list")
    self.fetcher = fetcher
    self.clock = clock
    self.random = random
  }

  /// Produces events until cancelled.
  package func run(into sink: any EventSink) async {
    var loop = PollLoop(id: id, target: list.description, clock: clock, schedule: PollSchedule(interval: poll.interval), random: random)
    await loop.run(into: sink) { await read(sink) }
  }

  private func read(_ sink: any EventSink) async -> PollOutcome {
    var paths: [MediaPath] = []
    var latency = 0.0
    var pageCount = 1
    var page = 0
    let deadline = ContinuousClock.now + .nanoseconds(Int64(poll.timeout * 1e9))
    repeat {
      let left = (deadline - ContinuousClock.now).components
      let seconds = Double(left.seconds) + Double(left.attoseconds) / 1e18
      guard seconds > 0 else { return .failed(FetchFailure.timedOut(seconds: poll.timeout).description) }
      switch await readPage(page, timeout: seconds) {
      case .failure(let failure): return failure == .cancelled ? .read : .failed(failure.description)
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

  private func readPage(_ page: Int, timeout: Double) async -> Result<([MediaPath], Int, Double), FetchFailure> {
    let target = list.adding(query: [("itemsPerPage", String(Self.pageSize)), ("page", String(page))])
    let request = FetchRequest(
      target, credentials: poll.credentials ?? poll.target.embeddedCredentials, timeoutSeconds: timeout, bodyLimit: 4 * 1024 * 1024,
      overflow: .fail, accept: "application/json")
    do {
      let answer = try await fetcher.get(request)
      guard answer.isSuccess else { return .failure(.other("HTTP \(answer.status)")) }
      guard let (paths, pages) = MediaPathList.parse(answer.body) else {
        return .failure(.other("the answer is no list of paths (MediaMTX API /v3/paths/list expected)"))
      }
      return .success((paths, pages, answer.latencyMilliseconds))
    } catch {
      // A page is given what is left of the whole time: the limit to name is the whole one.
      if case .timedOut = error { return .failure(.timedOut(seconds: poll.timeout)) }
      if case .incomplete(_, let hasData) = error { return .failure(.incomplete(seconds: poll.timeout, hasData: hasData)) }
      return .failure(error)
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

/// MediaMTX's answer; field names differ between versions, and both are read.
enum MediaPathList {
  /// The paths of one page and how many pages there are; nil when it is no such list.
  static func parse(_ body: [UInt8]) -> (paths: [MediaPath], pageCount: Int)? {
    guard let json = JSONValue(parsing: body) else { return nil }
    let pages = Int(min(json["pageCount"]?.countValue ?? 1, 1_000_000))
    // An empty list is `null` in some versions.
    if json["items"] == .null { return ([], pages) }
    guard let items = json["items"]?.arrayValue else { return nil }
    return (items.compactMap(path), max(pages, 0))
  }

  private static func path(_ item: JSONValue) -> MediaPath? {
    guard let name = item["name"]?.stringValue else { return nil }
    // Only `online` tells of a publisher where the server has one: `available`, and `ready` with it, are also what a file fills in for.
    let flags = ["online", "ready", "sourceReady", "available"].compactMap { item[$0]?.boolValue }
    let hasNoSource = item["source"] == .null
    let tracks = item["tracks"]?.arrayValue ?? item["tracks2"]?.arrayValue ?? []
    return MediaPath(
      name: name, isReady: (flags.first ?? (item["readyTime"]?.stringValue != nil)) && !hasNoSource,
      tracks: tracks.compactMap { $0.stringValue ?? $0["codec"]?.stringValue ?? $0["type"]?.stringValue },
      bytesReceived: item["inboundBytes"]?.countValue ?? item["bytesReceived"]?.countValue ?? 0,
      bytesSent: item["outboundBytes"]?.countValue ?? item["bytesSent"]?.countValue ?? 0,
      readerCount: item["readers"]?.arrayValue?.count ?? 0, sourceType: item["source"]?["type"]?.stringValue)
  }
}
