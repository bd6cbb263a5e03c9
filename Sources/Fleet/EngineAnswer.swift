import PrometheusText
import WireFormats

/// Reads answers of the Prometheus HTTP API (prometheus.io/docs/prometheus/latest/querying/api), which VictoriaMetrics, Thanos and Mimir
/// speak too. Pure.
package enum EngineAnswer {
  /// An answer that is one.
  package struct Answer: Sendable {
    /// What it holds under `data`.
    package var data: JSONValue
    /// What the engine warns of, clipped.
    package var warnings: [String]
    /// Whether the engine says that not all of it answered.
    package var isPartial: Bool
  }

  /// What an answer holds under `data`.
  /// - Parameters:
  ///   - status: the HTTP status; of a failure the body's own words are told.
  ///   - body: the body.
  /// - Throws: what is the matter with it.
  package static func data(status: Int, body: [UInt8]) throws(EngineTrouble) -> Answer {
    let isSuccess = (200..<300).contains(status)
    let json: JSONValue
    do throws(JSONError) { json = try JSONValue.parse(body) } catch {
      guard isSuccess else { throw failure(status, words: plainWords(body)) }
      // What begins as an object and ends too early was cut on its way.
      if body.first == UInt8(ascii: "{"), error.offset >= body.count { throw .half }
      throw .unreadable(body.isEmpty ? "an empty body" : error.description)
    }
    let words = EngineTrouble.clipped(json["error"]?.stringValue ?? "")
    guard isSuccess else { throw failure(status, words: words) }
    switch json["status"]?.stringValue {
    case "success"?: break
    case "error"?: throw .refused(status: status, words: words)
    default: throw .unreadable("its JSON has no \"status\": \"success\"")
    }
    guard let data = json["data"] else { throw .unreadable("its JSON has no \"data\"") }
    let told = (json["warnings"]?.arrayValue ?? []).compactMap(\.stringValue)
    var warnings = told.prefix(5).map(EngineTrouble.clipped)
    let lacksNodes = json["isPartial"]?.boolValue == true
    if lacksNodes { warnings.append("the answer is partial: not every node of the engine answered") }
    // Thanos and remote reading tell a store that is away as a warning; remarks on a query begin so (util/annotations).
    return Answer(data: data, warnings: warnings, isPartial: lacksNodes || told.contains { !$0.hasPrefix("PromQL ") })
  }

  /// The answer of `query` and `query_range`.
  package static func result(status: Int, body: [UInt8], limit: Int = EngineResult.seriesLimit) throws(EngineTrouble) -> EngineResult {
    let answer = try data(status: status, body: body)
    var result = EngineResult()
    (result.warnings, result.isPartial) = (answer.warnings, answer.isPartial)
    guard let kind = answer.data["resultType"]?.stringValue, let list = answer.data["result"]?.arrayValue else {
      throw .unreadable("its data has no \"resultType\" and \"result\"")
    }
    switch kind {
    case "scalar":
      guard let point = point(list) else { throw .unreadable("its scalar is no pair of time and value") }
      result.series = [EngineSeries(labels: [:], points: [point])]
    case "vector", "matrix":
      result.leftOut = max(0, list.count - limit)
      result.series.reserveCapacity(min(list.count, limit))
      for item in list.prefix(limit) { result.series.append(try series(item)) }
    default: throw .unreadable("a result of type \(EngineTrouble.clipped(kind)) where numbers were asked for")
    }
    return result
  }

  /// The answer of `label/NAME/values`.
  package static func values(status: Int, body: [UInt8]) throws(EngineTrouble) -> [String] {
    guard let list = try data(status: status, body: body).data.arrayValue else { throw .unreadable("its data is no list of values") }
    return list.compactMap(\.stringValue)
  }

  /// The answer of `alerts`.
  package static func alerts(status: Int, body: [UInt8]) throws(EngineTrouble) -> [EngineAlert] {
    guard let list = try data(status: status, body: body).data["alerts"]?.arrayValue else {
      throw .unreadable("its data has no \"alerts\"")
    }
    return list.prefix(EngineResult.seriesLimit).map { item in
      let notes = item["annotations"]
      return EngineAlert(
        labels: labels(item["labels"]?.objectValue ?? [:]), isFiring: item["state"]?.stringValue == "firing",
        summary: EngineTrouble.clipped(notes?["summary"]?.stringValue ?? notes?["description"]?.stringValue ?? ""))
    }
  }

  /// The answer of `metadata`: the families that any target declares.
  package static func families(status: Int, body: [UInt8]) throws(EngineTrouble) -> Set<String> {
    guard let members = try data(status: status, body: body).data.objectValue else {
      throw .unreadable("its data is no object of families")
    }
    return Set(members.keys)
  }

  private static func series(_ item: JSONValue) throws(EngineTrouble) -> EngineSeries {
    guard let members = item["metric"]?.objectValue else { throw .unreadable("a series without \"metric\"") }
    let pairs: [JSONValue]
    if let value = item["value"] {
      pairs = [value]
    } else if let values = item["values"]?.arrayValue {
      pairs = values
    } else {
      throw .unreadable("a series without \"value\" or \"values\"")
    }
    var points: [EnginePoint] = []
    points.reserveCapacity(pairs.count)
    for pair in pairs {
      guard let point = pair.arrayValue.flatMap(point) else { throw .unreadable("a sample that is no pair of time and value") }
      points.append(point)
    }
    return EngineSeries(labels: labels(members), points: points)
  }

  private static func point(_ pair: [JSONValue]) -> EnginePoint? {
    guard pair.count == 2, let time = pair[0].doubleValue, EnginePoint.times.contains(time), let text = pair[1].stringValue,
      let value = ExpositionParser.number(text)
    else { return nil }
    return EnginePoint(time: time, value: value)
  }

  private static func labels(_ members: [String: JSONValue]) -> [String: String] { members.compactMapValues(\.stringValue) }

  private static func failure(_ status: Int, words: String) -> EngineTrouble {
    switch status {
    case 401, 403: .denied(status: status)
    case 404, 405: .noAPI(status: status)
    case 400, 422: .refused(status: status, words: words)
    case 429, 500..<600: .busy(status: status, words: words)
    default: .unreadable("HTTP \(status)")
    }
  }

  /// The words of a body that is no JSON; none of a web page.
  private static func plainWords(_ body: [UInt8]) -> String {
    guard body.first != UInt8(ascii: "<"), body.first != UInt8(ascii: "{") else { return "" }
    return EngineTrouble.clipped(String(decoding: body.prefix(400), as: UTF8.self))
  }
}
