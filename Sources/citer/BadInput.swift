import ArgumentParser
import Assets
import Generation
import Grading
import Inference
import ResultsStore
import Routing
import Runs
import Specs
import Training

/// Whether an error is the fault of what the user gave (exit status 2) rather than of the work (1).
func isBadInput(_ error: any Error) -> Bool {
    switch error {
    case is ValidationError, is SpecErrors, is BenchmarkError, is RunError, is InputError,
        is PolicyTextError, is NoLabels, is ProcessorError, is GenerationError, is SlurmError:
        return true
    case let error as AssetError:
        switch error {
        case .unknown, .unknownSplit, .catalog, .unreadable, .corrupt: return true
        case .unwritable, .diskFull, .unavailable, .interrupted: return false
        }
    case let error as StoreError:
        switch error {
        case .missing, .notADatabase, .notResults, .newerSchema, .olderSchema, .locked, .conflicts,
            .notFound, .sharedWork, .nothingYet, .notAFile, .oddSchema, .busy, .sameFile,
            .severalNames, .otherExperiment, .noCommonQuestion:
            return true
        case .full, .inputOutput, .corrupt, .invalid, .alreadyFinished, .replaced, .sqlite:
            return false
        }
    default: return false
    }
}
