import Contracts
import Events
import Fleet
import TestSupport
import Testing
import WireFormats

@testable import HarnessCore

@Suite struct EngineClientTests {
  private func asked(_ reply: Reply, timeout: Double = 5, path: String = "") async throws -> (Result<EngineResult, EngineTrouble>, [String])
  {
    let server = try await ScriptedServer { _ in reply }
    let fetcher = HTTPFetcher()
    let client = EngineClient(EngineTarget(try TargetURL(server.url(path)), timeout: timeout), fetcher: fetcher)
    let result: Result<EngineResult, EngineTrouble>
    do throws(EngineTrouble) { result = .success(try await client.query("a + b", at: 1_700_000_000.25)) } catch { result = .failure(error) }
    await fetcher.shutdown()
    await server.stop()
    return (result, server.requests)
  }

  private let good = #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"2"]}]}}"#

  @Test func `a query goes below the path that was given`() async throws {
    let (result, requests) = try await asked(.http(good, type: "application/json"), path: "/select/0/prometheus/")
    #expect(try result.get().series.first?.value == 2)
    let line = try #require(requests.first?.split(separator: "\r\n").first)
    #expect(line.hasPrefix("GET /select/0/prometheus/api/v1/query?"))
    #expect(line.contains("query=a%20%2B%20b") && line.contains("time=1700000000.25"))
  }

  @Test func `an engine that is slow, half or away is told`() async throws {
    #expect(try await asked(.raw(""), timeout: 0.2).0 == .failure(.unreachable("connection closed before the answer was complete")))
    #expect(try await asked(.raw("", .keep), timeout: 0.2).0 == .failure(.slow(seconds: 0.2)))
    let half = Reply.raw("HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n\(good.prefix(40))")
    #expect(try await asked(half).0 == .failure(.unreachable("connection closed before the answer was complete")))
    #expect(try await asked(.http(String(good.prefix(40)))).0 == .failure(.half))
  }

  @Test func `a long range is asked in parts and put together`() async throws {
    let server = try await ScriptedServer { request in
      let start = request.split(separator: "start=").last?.prefix { $0.isNumber } ?? ""
      return .http(#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[\#(start),"1"]]}]}}"#)
    }
    let fetcher = HTTPFetcher()
    let client = EngineClient(EngineTarget(try TargetURL(server.url())), fetcher: fetcher)
    let span = try #require(EngineSpan(start: 0, end: 25_000, step: 1))
    let result = try await client.range("up", over: span)
    await fetcher.shutdown()
    await server.stop()
    #expect(server.requests.count == 3)
    #expect(result.series.count == 1 && result.series[0].points.map(\.time) == [0, 11_000, 22_000])
  }

  @Test func `no refresh asks more than twelve times, not even the first, which finds out the contract`() async throws {
    let server = try await ScriptedServer { request in
      if request.contains("/label/") { return .http(#"{"status":"success","data":["b","s"]}"#) }
      if request.contains("/alerts") { return .http(#"{"status":"success","data":{"alerts":[]}}"#) }
      return .http(
        #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"w","instance":"a"},"value":[1700000000,"1"]}]}}"#)
    }
    let fetcher = HTTPFetcher()
    let gauges: [SignalID] = [.breakerState, .inflightFragments, .syncClaim]
    let signals = FleetFigure.all.compactMap(\.signals.first).map { signal in
      SignalBinding(
        signal: signal, title: "", series: signal == .breakerState ? "b" : "s", kind: gauges.contains(signal) ? .gauge : .counter)
    }
    let reader = FleetReader(
      EngineClient(EngineTarget(try TargetURL(server.url())), fetcher: fetcher),
      contract: .auto([Contract(name: "t", summary: "", signals: signals)]), match: LabelMatchers(),
      wallNow: { WallTime(epochSeconds: 1_700_000_000) })
    var asked: [Int] = []
    while await !reader.isSettled, asked.count < 9 {
      #expect(try await reader.refresh().get().queries.figures.count == 8)
      asked.append(await reader.cost.requests)
    }
    await fetcher.shutdown()
    await server.stop()
    #expect(asked == [12, 12, 12, 12])
    #expect(server.requests.count == asked.reduce(0, +))
  }

  @Test func `a refresh asks at most twelve times, and goes on beside queries that fail`() async throws {
    let server = try await ScriptedServer { request in
      if request.contains("/alerts") { return .http(#"{"status":"success","data":{"alerts":[]}}"#) }
      if request.contains("rate(") || request.contains("rate%28") {
        return .http(#"{"status":"error","errorType":"execution","error":"too much"}"#, status: "422 Unprocessable Entity")
      }
      return .http(
        #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"w","instance":"a"},"value":[1700000000,"1"]}]}}"#)
    }
    let fetcher = HTTPFetcher()
    let reader = FleetReader(
      EngineClient(EngineTarget(try TargetURL(server.url())), fetcher: fetcher),
      contract: .fixed(
        Contract(
          name: "t", summary: "",
          signals: [
            SignalBinding(signal: .breakerState, title: "", series: "b", kind: .gauge),
            SignalBinding(signal: .fragmentsSent, title: "", series: "s_total", kind: .counter),
          ]), reason: "asked for"), match: LabelMatchers(), wallNow: { WallTime(epochSeconds: 1_700_000_000) })
    let engine = try await reader.refresh().get()
    let cost = await reader.cost
    await fetcher.shutdown()
    await server.stop()
    #expect(server.requests.count <= FleetQueries.requestLimit && cost.requests == server.requests.count)
    #expect(engine.workers.count == 1)
    #expect(engine.troubles.map(\.sentence) == ["does not compute the query (HTTP 422): too much"])
  }
}
