using Microsoft.Extensions.Logging;
using OrleansLb.Speaker.Fencing;

namespace OrleansLb.Speaker.Responding;

/// <summary>What every responder of a node works with.</summary>
/// <param name="Sighted">Called on a responder's thread for each frame of another holder.</param>
/// <param name="AnswersPings">Pings of announced addresses are answered.</param>
internal sealed record ResponderServices(
    SpeakerInstruments Instruments, Vigil Vigil, Action<Sighting> Sighted, AskerLimitOptions Limits, bool AnswersPings, TimeProvider Time, ILogger Log);
