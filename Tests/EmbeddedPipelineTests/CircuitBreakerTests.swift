import Events
import Testing

@testable import EmbeddedPipeline

@Suite struct CircuitBreakerTests {
  private func at(_ seconds: Double) -> RunInstant { RunInstant(seconds: seconds) }

  private func opened(at seconds: Double = 5) -> CircuitBreaker {
    var breaker = CircuitBreaker(failureThreshold: 5, cooldownSeconds: 30)
    for index in 1...5 { _ = breaker.recordFailure(at: at(seconds - 5 + Double(index)), trigger: .failure) }
    return breaker
  }

  @Test func `opens at exactly the threshold`() {
    var breaker = CircuitBreaker(failureThreshold: 5, cooldownSeconds: 30)
    for index in 1...4 { #expect(breaker.recordFailure(at: at(Double(index)), trigger: .failure) == nil) }
    let transition = breaker.recordFailure(at: at(5), trigger: .timeout)
    #expect(transition == BreakerTransition(from: .closed, state: .open, trigger: .timeout, failureCount: 5))
    #expect(breaker.wouldRefuse(at: at(5)))
  }

  @Test func `success starts the count again`() {
    var breaker = CircuitBreaker(failureThreshold: 5, cooldownSeconds: 30)
    for index in 1...4 { _ = breaker.recordFailure(at: at(Double(index)), trigger: .failure) }
    #expect(breaker.recordSuccess() == nil)
    for index in 1...4 { #expect(breaker.recordFailure(at: at(10 + Double(index)), trigger: .failure) == nil) }
    #expect(breaker.state == .closed)
  }

  @Test func `half open is entered by the first request after the cooldown`() {
    var breaker = opened(at: 5)
    #expect(breaker.admit(at: at(34.9)).admission == .refuse)
    #expect(breaker.state == .open)
    let (admission, transition) = breaker.admit(at: at(35))
    #expect(admission == .probe)
    #expect(transition?.state == .halfOpen)
    #expect(breaker.admit(at: at(35.1)).admission == .refuse, "one probe at a time")
  }

  @Test func `cooldown runs from the last failure`() {
    var breaker = opened(at: 5)
    #expect(breaker.recordFailure(at: at(20), trigger: .failure) == nil)
    #expect(breaker.admit(at: at(40)).admission == .refuse)
    #expect(breaker.admit(at: at(50)).admission == .probe)
  }

  @Test func `a good probe closes and a bad one opens again`() {
    var good = opened()
    _ = good.admit(at: at(40))
    #expect(good.recordSuccess() == BreakerTransition(from: .halfOpen, state: .closed, trigger: .success))
    #expect(good.consecutiveFailures == 0)
    var bad = opened()
    _ = bad.admit(at: at(40))
    #expect(bad.recordFailure(at: at(41), trigger: .failure)?.state == .open)
    #expect(bad.admit(at: at(70)).admission == .refuse)
    #expect(bad.admit(at: at(71)).admission == .probe)
  }

  @Test func `an abandoned probe leaves room for the next`() {
    var breaker = opened()
    _ = breaker.admit(at: at(40))
    breaker.abandonProbe()
    #expect(breaker.admit(at: at(41)).admission == .probe)
    #expect(breaker.state == .halfOpen)
  }
}
