import ArgumentParser
import CommandText
import EmbeddedPipeline

extension ServiceShape: ExpressibleByArgument {}

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    of: "serve", subcommands: [ServeEchoSTS.self, ServeMediaService.self, ServeStreamOrigin.self, ServeFleet.self])
}
