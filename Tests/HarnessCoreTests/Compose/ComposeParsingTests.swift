import Testing
import WireFormats

@testable import HarnessCore

/// What docker 20.10 with compose 2.31 and others printed, and what nobody should print.
@Suite struct ComposeParsingTests {
  static let line = """
    {"Command":"\\"dubwatch serve echo…\\"","CreatedAt":"2026-11-23 00:06:10 +0000 UTC","ExitCode":0,"Health":"healthy","ID":"2b6fa067f94e",\
    "Image":"dubwatch-offline:local","Labels":"com.docker.compose.oneoff=False,com.docker.compose.service=echo-sts,\
    com.docker.compose.depends_on=a:service_started:false,b:service_healthy:true,com.docker.compose.project=dwt,dubwatch.role=echo-sts",\
    "LocalVolumes":"0","Name":"dwt-echo-sts-1","Names":"dwt-echo-sts-1","Networks":"dwt_default","Ports":"127.0.0.1:32768-\\u003e8080/tcp",\
    "Project":"dwt","Publishers":[{"URL":"127.0.0.1","TargetPort":8080,"PublishedPort":32768,"Protocol":"tcp"},\
    {"URL":"","TargetPort":9998,"PublishedPort":0,"Protocol":"tcp"},{"URL":"0.0.0.0","TargetPort":53,"PublishedPort":53,"Protocol":"udp"}],\
    "Service":"echo-sts","State":"running","Status":"Up 3 seconds (healthy)"}
    """
  static let ended = """
    {"ExitCode":2,"Health":"","ID":"4e868b10e53a","Name":"dwt-bad-1","Publishers":[],"Service":"bad","State":"exited","Status":"Exited (2)"}
    """

  @Test(arguments: [line + "\n" + ended + "\n", "[\(line),\(ended)]", "\n\n[\n\(line)\n,\n\(ended)\n]\n", line + "\r\n\r\n" + ended])
  func `a list is read as objects per line and as an array`(text: String) throws {
    let list = try ComposeContainer.list(parsing: text)
    try #require(list.count == 2)
    #expect(list[0].service == "echo-sts" && list[0].project == "dwt" && list[0].health == "healthy" && list[0].isRunning)
    #expect(list[0].publishers == [.init(address: "127.0.0.1", targetPort: 8080, publishedPort: 32768)])
    #expect(list[0].labels["com.docker.compose.depends_on"] == "a:service_started:false,b:service_healthy:true")
    #expect(list[0].labels["dubwatch.role"] == "echo-sts")
    #expect(list[1].hasEnded && list[1].exitCode == 2 && list[1].publishers.isEmpty)
  }

  @Test func `what docker ps prints is read by its labels and texts`() throws {
    let text = """
      {"ID":"2b6f","Names":"dwt-echo-1","State":"running","Status":"Up 5 seconds (health: starting)",\
      "Labels":"com.docker.compose.project=dwt,com.docker.compose.service=echo","Networks":"host",\
      "Ports":"0.0.0.0:32770->8000/tcp, [::]:32770->8000/tcp, 9000-9001/tcp, 127.0.0.1:7000-7001->9000-9001/tcp, 53->53/udp"}
      """
    let container = try #require(try ComposeContainer.list(parsing: text).first)
    #expect(container.service == "echo" && container.project == "dwt" && container.health == "starting" && container.networks == ["host"])
    #expect(container.publishers.map(\.publishedPort) == [32770, 32770, 7000, 7001])
    #expect(container.publishers.map(\.targetPort) == [8000, 8000, 9000, 9001])
  }

  @Test(arguments: ["", "\n \n", "null", "[]", "null\nnull\n"])
  func `an empty list is empty`(text: String) throws { #expect(try ComposeContainer.list(parsing: text).isEmpty) }

  @Test(arguments: [
    "{", "[{]", "Cannot connect to the Docker daemon", "{}", "[1,2]", #"{"ID":5,"Name":"x","State":"running"}"#,
    #"{"ID":"","Name":"x","State":"running"}"#, String(repeating: "[", count: 100_000), line + "\nwarning: something\n",
  ])
  func `what is no list is refused in one sentence`(text: String) throws {
    let error = #expect(throws: Problem.self) { try ComposeContainer.list(parsing: text) }
    #expect(error?.description.contains("cannot be read") == true && error?.description.utf8.count ?? 0 < 300)
  }

  @Test func `ports that are none are left out`() throws {
    let text = """
      {"ID":"a","Name":"x","State":"Running","ExitCode":-1,"Publishers":[{"TargetPort":99999,"PublishedPort":1},{"TargetPort":-1,\
      "PublishedPort":1},{"TargetPort":1.5,"PublishedPort":2},{"TargetPort":80,"PublishedPort":81}],"Labels":7}
      """
    let container = try #require(try ComposeContainer.list(parsing: text).first)
    #expect(container.publishers.contains(.init(address: "", targetPort: 80, publishedPort: 81)) && container.isRunning)
    #expect(container.publishers.allSatisfy { (1...65535).contains($0.targetPort) })
  }

  static let composeEvent = """
    {"action":"die","attributes":{"exitCode":"137","image":"x","name":"dwt-media-service-1"},\
    "id":"9a289b2039412e0d4bddd6876610ce2329af381eb1ba86fa84ee30396609549a","service":"media-service",\
    "time":"2026-11-23T00:06:14.836571313Z","type":"container"}
    """
  static let engineEvent = """
    {"status":"die","id":"9a289b2039412e0d4bddd6876610ce2329af381eb1ba86fa84ee30396609549a","from":"x","Type":"container","Action":"die",\
    "Actor":{"ID":"9a289b2039412e0d4bddd6876610ce2329af381eb1ba86fa84ee30396609549a","Attributes":{"com.docker.compose.project":"dwt",\
    "com.docker.compose.service":"media-service","exitCode":"137","name":"dwt-media-service-1"}},"scope":"local","time":1795392374,\
    "timeNano":1795392374836571313}
    """

  @Test(arguments: [composeEvent, engineEvent])
  func `an event of compose and one of the engine say the same`(line: String) throws {
    let event = try #require(ContainerEvent(parsing: line))
    #expect(event.action == "die" && event.service == "media-service" && event.exitCode == 137 && event.signal == nil)
    #expect(event.container.hasPrefix("9a289b203941") && event.nanoseconds == 1_795_392_374_836_571_313)
  }

  @Test(arguments: [
    "", "{}", "no json", #"{"Type":"network","Action":"connect","Actor":{"ID":"x","Attributes":{}}}"#,
    #"{"type":"container","action":"exec_start: dubwatch healthcheck","service":"a","id":"x"}"#,
    #"{"type":"container","action":"exec_die","service":"a","id":"x"}"#, #"{"type":"container","action":"start","id":"x","attributes":{}}"#,
    #"{"type":"container","action":"","service":"a","id":"x"}"#, #"{"type":"container","action":5,"service":"a","id":"x"}"#,
    #"{"type":"container","action":"start","service":"a"}"#, "[" + String(repeating: "{\"a\":", count: 5000),
  ])
  func `noise and what is no event is left out`(line: String) { #expect(ContainerEvent(parsing: line) == nil) }

  @Test func `a health event carries its word`() throws {
    let event = try #require(ContainerEvent(parsing: #"{"type":"container","action":"health_status: unhealthy","service":"a","id":"x"}"#))
    #expect(event.action == "health_status" && event.detail == "unhealthy" && event.nanoseconds == nil)
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0, 20), ("2026-11-23T00:06:11.746529604Z x", 1_795_392_371_746_529_604, 30),
    ("2026-11-23T00:06:11.5Z", 1_795_392_371_500_000_000, 22), ("2026-11-23T01:06:11+01:00", 1_795_392_371_000_000_000, 25),
    ("2024-02-29T23:59:59.000000001-00:30", 1_709_252_999_000_000_001, 35),
  ])
  func `engine times are exact to the nanosecond`(text: String, nanoseconds: Int64, length: Int) throws {
    let (time, count) = try #require(EngineTime.read(text))
    #expect(time.nanoseconds == nanoseconds && count == length)
  }

  @Test(arguments: [
    "", "2026", "2026-11-23 00:06:11Z", "2026-13-23T00:06:11Z", "2026-11-23T00:06:11", "2026-11-23T00:06:11.Z",
    "2026-11-23T00:06:11.1234567890Z", "2026-11-23T00:06:11+1:00", "9999-11-23T00:06:11Z", "２026-11-23T00:06:11Z",
  ])
  func `what is no engine time is none`(text: String) { #expect(EngineTime.read(text) == nil) }

  @Test func `a time for since is written with nine digits`() {
    #expect(EngineTime(nanoseconds: 1_795_392_371_000_000_042).argument == "1795392371.000000042")
    #expect(EngineTime(nanoseconds: -5).argument == "0.000000000")
  }
}
