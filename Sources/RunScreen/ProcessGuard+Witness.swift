import ProcessGuard
import TerminalNcurses

extension ProcessGuard {
  /// Has the guard give the terminal back when this process is killed. Without a guard the screen is shown all the same.
  nonisolated var terminalWitness: NcursesBackend.Witness {
    { loan in
      let reset = TerminalReset(path: loan.path, bytes: loan.bytes, ours: loan.ours, former: loan.former)
      guard let duty = try? await self.giveBackOnDeath(reset) else { return nil }
      return TerminalLoan.Witness(descriptor: duty.descriptor, taken: duty.taken, given: duty.given)
    }
  }
}
