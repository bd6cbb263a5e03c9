import MonitorUI
import RunModel
import TerminalCanvas
import Testing
import WireFormats

@Suite struct KeyBindingsTests {
  @Test func `every command has a key and no key two`() {
    var seen: Set<Key> = []
    for command in Commands.all {
      let keys = KeyBindings.standard.keys[command.action] ?? []
      #expect(!keys.isEmpty, "\(command.name) has no key")
      for key in keys {
        #expect(seen.insert(key).inserted, "\(KeyText.text(key)) is bound twice")
        #expect(KeyBindings.standard.command(for: key) == command.action)
      }
      #expect(!command.help.isEmpty)
    }
  }

  @Test func `every command is found by its name and does what no other does`() throws {
    #expect(Set(Commands.all.map(\.name)).count == Commands.all.count)
    #expect(Set(Commands.all.map(\.action)).count == Commands.all.count)
    for command in Commands.all {
      var bindings = KeyBindings.standard
      try bindings.rebind([command.name: "f12"])
      #expect(bindings.command(for: .function(12)) == command.action)
    }
  }

  @Test func `groups stand together`() {
    let groups = Commands.all.map(\.group)
    let runs = groups.indices.filter { $0 == 0 || groups[$0] != groups[$0 - 1] }.map { groups[$0] }
    #expect(runs.count == Command.Group.allCases.count, "\(runs)")
  }

  @Test func `the key bar shows what is bound`() throws {
    var bindings = KeyBindings.standard
    try bindings.rebind(["time-back": "b", "time-forward": "w", "faults": "", "pause": "f9"])
    var ui = MonitorState(bindings: bindings)
    func bar() -> String { MonitorView.render(run: RunState(), ui: ui, size: Size(width: 160, height: 48)).rows()[47] }
    #expect(bar().hasPrefix(" f9 pause  b w time  tab focus  enter open  / filter  r logs  v verdict"))
    _ = ui.reduce(.command(.pause), in: RunState())
    #expect(bar().hasPrefix(" f9 live "))
  }

  @Test(arguments: [
    ("q", Key.char("q")), ("space", .char(" ")), ("ctrl-c", .ctrl("c")), ("alt-X", .alt("X")), ("F5", .function(5)), ("page-up", .pageUp),
    ("esc", .escape), ("escape", .escape), ("shift-tab", .backTab), ("Q", .char("Q")),
  ]) func `key texts`(_ text: String, _ key: Key) {
    #expect(KeyText.key(text) == key)
  }

  @Test func `rebinding takes keys away`() throws {
    var bindings = KeyBindings.standard
    try bindings.rebind(["pause": "p, f2", "mark": "q", "quit": "x"])
    #expect(bindings.command(for: .char("p")) == .pause)
    #expect(bindings.command(for: .char(" ")) == nil)
    #expect(bindings.command(for: .char("q")) == .mark)
    #expect(bindings.command(for: .char("x")) == .quit)
    #expect(bindings.text(for: .pause) == "p, f2")
  }

  @Test(arguments: [
    (["pauze": "p"], "no command is called \"pauze\"; did you mean \"pause\"?"),
    (["pause": "spcae"], "command pause: no key is called \"spcae\"; did you mean \"space\"?"), (["quit": ""], "command quit needs a key"),
  ]) func `mistakes name the nearest word`(_ changes: [String: String], _ sentence: String) {
    var bindings = KeyBindings.standard
    #expect(throws: Problem.self) { try bindings.rebind(changes) }
    do { try bindings.rebind(changes) } catch { #expect("\(error)" == sentence) }
    #expect(bindings == .standard, "a mistake changes nothing")
  }
}
