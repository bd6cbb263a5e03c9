import Contracts
import Events
import Judging
import RunModel

extension Contract {
  /// With the limits that a scenario gives its environment.
  func adjusted(to needs: EnvironmentNeeds) -> Contract {
    var contract = self
    if let timeout = needs.fragmentTimeoutMilliseconds { contract.thresholds.fragmentTimeoutSeconds = Double(timeout) / 1000 }
    if let limit = needs.maxInflight { contract.thresholds.maxInflight = limit }
    return contract
  }
}

extension EnvironmentNeeds {
  /// The same as the variables that the compose files pass on.
  var variables: [String: String] {
    var variables: [String: String] = [:]
    variables["ECHO_PROCESSING_DELAY_MS"] = processingDelayMilliseconds.map { "\($0)" }
    variables["BACKPRESSURE_ENABLED"] = sendsBackpressure.map { "\($0)" }
    variables["MAX_INFLIGHT"] = maxInflight.map { "\($0)" }
    variables["FRAGMENT_TIMEOUT_MS"] = fragmentTimeoutMilliseconds.map { "\($0)" }
    variables["LOG_LEVEL"] = logLevel?.rawValue
    return variables
  }
}

extension Scenario {
  /// With every counter judged by what it rises by from the scenario's start.
  var judgedByChange: Scenario {
    var scenario = self
    for index in scenario.expectations.indices {
      scenario.expectations[index].rule = scenario.expectations[index].rule.judgedByChange
    }
    return scenario
  }
}
