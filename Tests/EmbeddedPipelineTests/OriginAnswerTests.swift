import Events
import SocketIO
import Testing
import WireFormats

@testable import EmbeddedPipeline

@Suite struct OriginAnswerTests {
  private func paths(_ count: Int) -> [OriginPathState] {
    (0..<count).map {
      OriginPathState(
        name: "live/\($0)/in", publisherID: "p\($0)", readyAt: $0 == 0 ? nil : WallTime(epochSeconds: 1_700_000_000.25),
        tracks: ["H264"], bytesReceived: 10, bytesSent: 20, readers: ["r"])
    }
  }

  private func answer(_ target: String, _ count: Int, method: String = "GET") -> OriginAnswer {
    OriginAnswers.answer(method: method, target: target, role: .everything, paths: paths(count), uptimeSeconds: 2)
  }

  @Test(arguments: [
    ("", 5, 5, 1, 5), ("?itemsPerPage=2", 5, 5, 3, 2), ("?itemsPerPage=2&page=2", 5, 5, 3, 1), ("?page=9", 5, 5, 1, 0), ("", 0, 0, 0, 0),
  ]) func `lists come in pages`(query: String, count: Int, items: Int, pages: Int, here: Int) throws {
    let json = try JSONValue.parse(answer("/v3/paths/list" + query, count).body)
    #expect(json["itemCount"]?.intValue == items)
    #expect(json["pageCount"]?.intValue == pages)
    #expect(json["items"]?.arrayValue?.count == here)
  }

  @Test func `paths and metrics have mediamtxs shape`() throws {
    let json = try JSONValue.parse(answer("/v3/paths/get/live/1/in", 2).body)
    #expect(json["name"] == "live/1/in")
    #expect(json["readyTime"] == "2023-11-14T22:13:20.250Z")
    #expect(json["source"]?["id"] == "p1")
    #expect(json["readers"]?[0]?["id"] == "r")
    #expect(String(decoding: answer("/metrics", 0).body, as: UTF8.self) == "paths 0\n")
    #expect(
      String(decoding: answer("/metrics", 1).body, as: UTF8.self) == """
        paths{name="live/0/in",state="notReady"} 1
        paths_bytes_received{name="live/0/in",state="notReady"} 10
        paths_bytes_sent{name="live/0/in",state="notReady"} 20
        paths_readers{name="live/0/in",state="notReady"} 1

        """)
  }

  @Test(arguments: [
    ("/v3/paths/list?page=-1", 400), ("/v3/paths/list?itemsPerPage=0", 400), ("/v3/paths/list?page=x", 400), ("/v3/paths/get/no", 404),
    ("/v3/other", 404), ("/health", 200), ("/v3/paths/list?page=99999999999999999999", 400),
    ("/v3/paths/list?page=9223372036854775807", 200),
  ]) func `wrong requests get a sentence`(target: String, status: Int) { #expect(answer(target, 3).status == status) }

  @Test(arguments: [
    ("live/test/in", true), ("a", true), ("a.b/c-d_e~f:g", true), ("", false), ("/a", false), ("a/", false), ("a//b", false),
    ("a/./b", false), ("../a", false), ("a b", false), ("a%2e", false), ("ä", false), ("v3/a", false), ("metrics", false),
    (String(repeating: "a", count: 200), true), (String(repeating: "a", count: 201), false),
  ]) func `names are checked`(name: String, isGood: Bool) { #expect((OriginPathName.fault(name[...]) == nil) == isGood) }
}
