import Testing

@testable import HarnessCore

@Suite struct EngineComplaintTests {
  @Test(arguments: [
    (
      "Error response from daemon: driver failed programming external connectivity on endpoint x-media-service-1 (abc): "
        + "Bind for 127.0.0.1:8000 failed: port is already allocated",
      "the port 127.0.0.1:8000 is in use on this machine"
    ),
    (
      "driver failed programming external connectivity on endpoint x (abc): Error starting userland proxy: listen tcp4 127.0.0.1:8000: bind: "
        + "address already in use", "the port 127.0.0.1:8000 is in use on this machine"
    ),
    ("something: address already in use", "a port that it publishes is in use"),
    (
      "Error response from daemon: pull access denied for me/worker, repository does not exist or may require 'docker login': denied",
      "the image me/worker is not on the engine and cannot be pulled"
    ),
    (
      "Error response from daemon: manifest for bluenviron/mediamtx:99 not found: manifest unknown: manifest unknown",
      "the image bluenviron/mediamtx:99 is not on the engine"
    ),
    ("Error response from daemon: No such image: worker:latest", "the image worker:latest is not on the engine"),
    ("validating /a/b.yml: (root) Additional property media-service is not allowed", "my.yml has \"media-service\" outside of `services:`"),
    ("validating my.yml: additional properties 'echo-sts' not allowed", "my.yml has \"echo-sts\" outside of `services:`"),
    ("no configuration file provided: not found", "there is no file my.yml"),
    ("open /x/my.yml: no such file or directory", "there is no file my.yml"),
  ])
  func `a known complaint names the thing and what to do`(_ text: String, _ says: String) throws {
    let words = try #require(EngineComplaint.words(text, file: "my.yml"))
    #expect(words.contains(says))
    #expect(!words.contains("daemon") && !words.contains("userland"))
  }

  @Test(arguments: ["", "exec: \"sh\": not found", "open /etc/hosts: no such file or directory", "pull access denied for "])
  func `what is not known stays as it is`(_ text: String) { #expect(EngineComplaint.words(text, file: "my.yml") == nil) }
}
