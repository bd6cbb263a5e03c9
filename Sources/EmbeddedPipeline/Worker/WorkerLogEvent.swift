import Events
import SpeechProtocol

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
  case media(MediaLogEvent)
  case endSent
  case streamComplete(total: Int)
  case stopped
}

/// What a worker writes into its log on its input and its output.
enum MediaLogEvent: Sendable, Equatable {
  case inputConnected(url: String)
  case inputUnreachable(reason: String, retryInSeconds: Double)
  case inputLost(reason: String)
  case inputEnded
  case inputSeam(seconds: Double)
  case inputUnusable(reason: String)
  case outputConnected(url: String)
  case outputLost(reason: String, retryInSeconds: Double)
  case outputClosed
  case audioShifted(skewMilliseconds: Double, driftMillisecondsPerSecond: Double)
}
