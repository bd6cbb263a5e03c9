import Testing
import WireFormats

@testable import Fleet

@Suite struct EngineAnswerTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func `a vector is read with the engine's numbers`() throws {
    let body = """
      {"status":"success","data":{"resultType":"vector","result":[
        {"metric":{"instance":"a","job":"w"},"value":[1700000000.5,"2.5"]},
        {"metric":{},"value":[1700000000.5,"NaN"]},{"metric":{"le":"+Inf"},"value":[1700000000.5,"+Inf"]}]}}
      """
    let result = try EngineAnswer.result(status: 200, body: bytes(body))
    #expect(result.series.count == 3 && result.time == 1_700_000_000.5)
    #expect(
      result.series[0] == EngineSeries(labels: ["instance": "a", "job": "w"], points: [EnginePoint(time: 1_700_000_000.5, value: 2.5)]))
    #expect(result.series[1].value?.isNaN == true && result.series[2].value == .infinity)
  }

  @Test func `more series than are kept are counted`() throws {
    let item = #"{"metric":{"instance":"a"},"values":[[1,"1"],[2,"2"]]}"#
    let body =
      #"{"status":"success","data":{"resultType":"matrix","result":[\#(Array(repeating: item, count: 9).joined(separator: ","))]}}"#
    let result = try EngineAnswer.result(status: 200, body: bytes(body), limit: 4)
    #expect(result.series.count == 4 && result.leftOut == 5 && result.series[0].points.count == 2)
    #expect(!result.isWhole)
  }

  @Test func `warnings and partial answers are told`() throws {
    let body = #"{"status":"success","isPartial":true,"warnings":["store a\nis away"],"data":{"resultType":"vector","result":[]}}"#
    let warnings = try EngineAnswer.result(status: 200, body: bytes(body)).warnings
    #expect(warnings == ["store a", "the answer is partial: not every node of the engine answered"])
  }

  @Test(arguments: [
    (
      422, #"{"status":"error","errorType":"execution","error":"query processing would load too many samples"}"#,
      "does not compute the query (HTTP 422): query processing would load too many samples"
    ),
    (
      400, #"{"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11,000 points per timeseries."}"#,
      "does not compute the query (HTTP 400): exceeded maximum resolution of 11,000 points per timeseries."
    ),
    (503, "Service Unavailable", "cannot answer now (HTTP 503): Service Unavailable"),
    (503, #"{"status":"error","errorType":"timeout","error":"query timed out"}"#, "cannot answer now (HTTP 503): query timed out"),
    (502, "<html>Bad Gateway</html>", "cannot answer now (HTTP 502)"),
    (401, "", "wants other credentials (HTTP 401): give --credentials prometheus=bearer:env:VAR or its like"),
    (404, "404 page not found", "has no Prometheus API there (HTTP 404): give the URL that stands before /api/v1"),
    (200, #"{"status":"success","data":{"resultType":"vec"#, "sent half an answer: it ended before it was complete"),
    (200, "", "answers something that is no Prometheus API: an empty body"),
    (200, #"{"hello":1}"#, #"answers something that is no Prometheus API: its JSON has no "status": "success""#),
    (
      200, #"{"status":"success","data":{"result":[]}}"#,
      #"answers something that is no Prometheus API: its data has no "resultType" and "result""#
    ),
    (
      200, #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":["x"]}]}}"#,
      "answers something that is no Prometheus API: a sample that is no pair of time and value"
    ),
    (
      200, #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1e30,"0"]}]}}"#,
      "answers something that is no Prometheus API: a sample that is no pair of time and value"
    ),
    (
      200, #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"0"],[-1e30,"0"]]}]}}"#,
      "answers something that is no Prometheus API: a sample that is no pair of time and value"
    ),
  ])
  func `a bad engine is told in a sentence`(status: Int, body: String, sentence: String) {
    let error = #expect(throws: EngineTrouble.self) { try EngineAnswer.result(status: status, body: bytes(body)) }
    #expect(error?.description == sentence)
  }

  @Test(arguments: [
    (#""isPartial":true,"#, false), (#""warnings":["store a is away"],"#, false), (#""isPartial":false,"#, true),
    (#""warnings":["PromQL info: metric might not be a counter"],"#, true), ("", true),
  ])
  func `an answer is whole where the engine tells of nothing that is away`(words: String, isWhole: Bool) throws {
    let body = #"{"status":"success",\#(words)"data":{"resultType":"vector","result":[]}}"#
    #expect(try EngineAnswer.result(status: 200, body: bytes(body)).isWhole == isWhole)
  }

  @Test func `alerts and families are read`() throws {
    let alerts = try EngineAnswer.alerts(
      status: 200,
      body: bytes(
        #"{"status":"success","data":{"alerts":[{"labels":{"alertname":"Open","instance":"a"},"annotations":{"summary":"s"},"state":"firing"}]}}"#
      ))
    #expect(alerts == [EngineAlert(labels: ["alertname": "Open", "instance": "a"], isFiring: true, summary: "s")])
    #expect(
      try EngineAnswer.families(status: 200, body: bytes(#"{"status":"success","data":{"a_total":[{"type":"counter"}]}}"#)) == ["a_total"])
  }

  @Test(arguments: [(0.0, 10.0, 5.0, 1), (0, 10_999, 1, 1), (0, 11_000, 1, 2), (0, 90_000, 1, 9)])
  func `a long stretch is asked in parts below the limit`(start: Double, end: Double, step: Double, count: Int) throws {
    let span = try #require(EngineSpan(start: start, end: end, step: step))
    let parts = span.parts()
    #expect(parts.count == count)
    #expect(parts.map(\.pointCount).reduce(0, +) == span.pointCount)
    #expect(parts.allSatisfy { $0.pointCount <= 11_000 })
    for (before, after) in zip(parts, parts.dropFirst()) { #expect(after.start == before.end + step) }
  }

  @Test(arguments: [
    (#"job="a""#, #"{job="a"}"#), (#"{job="a", region=~'eu-.*'}"#, #"{job="a",region=~"eu-.*"}"#), ("", ""),
    (#"a!="x\"y""#, #"{a!="x\"y"}"#),
  ])
  func `conditions on labels are read`(text: String, written: String) throws { #expect(try LabelMatchers(parsing: text).text == written) }

  @Test(arguments: [#"job"#, #"job=a"#, #"job="a"#, #"job="a" x"#, #"1a="b""#, #"job="a"} or up{x="y"#])
  func `what is no condition is refused`(text: String) { #expect(throws: Problem.self) { try LabelMatchers(parsing: text) } }
}
