import RunModel
import SocketIO
import WireFormats

/// Where dubwatch's own metrics are served.
package struct MetricsAddress: Sendable, Hashable {
  /// The address to listen on.
  package let host: String
  /// The port.
  package let port: Int

  /// Reads `:9200` (this machine only), `HOST:PORT` or `[ADDRESS]:PORT`.
  package init(parsing text: String) throws(Problem) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let host = parts.dropLast().joined(separator: ":")
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    guard parts.count >= 2, let port = parts.last.flatMap({ Int($0) }), (0...65535).contains(port), isBracketed || !host.contains(":")
    else {
      throw Problem(
        .usage, "--serve-metrics is \(text), but must be HOST:PORT or :PORT",
        hint: ":9200 means this machine only, 0.0.0.0:9200 all of the network")
    }
    self.host = host.isEmpty ? "127.0.0.1" : isBracketed ? String(host.dropFirst().dropLast()) : host
    self.port = port
  }
}

/// Serves what dubwatch knows of a run under `/metrics`, as it is when it is asked for.
package struct OwnMetricsServer: Sendable {
  private let service: HTTPService

  /// A server of a run.
  /// - Parameter state: the run as it is.
  package init(state: @escaping @Sendable () async -> RunState) {
    service = HTTPService { request in
      guard request.method == "GET" else { return .json(["detail": "Method Not Allowed"], status: 405) }
      guard request.path == "/metrics" else { return .json(["detail": "Not Found: dubwatch's metrics are at /metrics"], status: 404) }
      let accept = request.headers.first { $0.name.lowercased() == "accept" }?.value.lowercased() ?? ""
      let isOpen = accept.contains("application/openmetrics-text")
      return .text(OwnMetrics(await state()).text(openMetrics: isOpen), contentType: OwnMetrics.contentType(openMetrics: isOpen))
    }
  }

  /// Listens.
  /// - Returns: the port.
  /// - Throws: why the address cannot be had.
  @discardableResult
  package func start(_ address: MetricsAddress) async throws(Problem) -> Int {
    do { return try await service.start(host: address.host, port: address.port) } catch {
      throw Problem(.endpoint, "--serve-metrics: \(error)")
    }
  }

  /// Stops.
  package func stop() async { await service.shutdown() }
}
