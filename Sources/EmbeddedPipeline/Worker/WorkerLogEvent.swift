import HarnessModel

/// What a worker writes into its log; how it is spelled depends on the shape.
enum WorkerLogEvent: Sendable, Equatable {
  case starting(streamID: String)
  case connected(url: String)
  case initSent
  case streamReady(sessionID: String, maxInflight: Int)
  case segmentCut(Segment)
  case fragmentSent(id: String, sequence: Int, milliseconds: Int)
  case fragmentProcessed(id: String, sequence: Int, status: STSFragmentStatus, milliseconds: Int, errorCode: String?)
  case fragmentTimeout(id: String, sequence: Int, elapsedMilliseconds: Int, limitMilliseconds: Int)
  case fallback(segment: Segment, sequence: Int?, reason: FallbackReason)
  case breaker(BreakerTransition)
  case backpressure(STSBackpressure, inflight: Int, delayMilliseconds: Double?)
  case disconnected(reason: String)
  case reconnectionPlanned(attempt: Int, delaySeconds: Double)
  case reconnection(attempt: Int, plannedSeconds: Double, success: Bool)
  case gaveUp(attempts: Int)
  case stsError(code: String, message: String)
  case syncCorrection(deltaMilliseconds: Double, adjustmentMilliseconds: Double)
  case pairOut(Segment, isDubbed: Bool, deltaMilliseconds: Double)
  case endSent
  case streamComplete(total: Int)
  case stopped
}
