import Events
import HarnessCore
import Testing

@Suite struct SourcePlansTests {
  @Test func `each kind has a flag and a field of its own`() {
    #expect(Set(SourcePlans.all.map { $0.words.flag }).count == SourcePlans.all.count)
    #expect(Set(SourcePlans.all.map { $0.words.key }).count == SourcePlans.all.count)
    let keys = ["health", "metrics", "media_server", "logs", "logs_command", "streams"]
    #expect(SourcePlans.inOrder.map { $0.words.key }.filter(keys.contains) == keys, "users' files and flags know these")
  }

  @Test func `what is asked comes before what is read along`() throws {
    var plan = WatchPlan()
    try plan.add(StreamPlan.self, "live/a=http://h/a")
    try plan.add(LogFilePlan.self, "b=b.log")
    try plan.add(MediaServerPlan.self, "c=http://h:1")
    try plan.add(HealthPlan.self, "d=http://h:2")
    try plan.add(HealthPlan.self, "b=http://h:3")
    #expect(plan.endpoints.ordered.map(\.service) == ["d", "b", "c", "b", "live/a"])
    #expect(plan.endpoints.services == ["d", "b", "c"], "a stream is no service")
  }
}
