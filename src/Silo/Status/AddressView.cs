using OrleansLb.Grains.Status;

namespace OrleansLb.Silo.Status;

/// <summary>An address: who holds it, since when, by which hand-over and why, and what has come of it there.</summary>
/// <param name="Standing">How it stands on the segment, in the speaker's words: Announced, Probing, Reclaiming, Taken, Yielded or
/// Interrupted; null while it has told nothing.</param>
/// <param name="Conflicts">Frames in which another host claimed it.</param>
internal sealed record AddressView(
    string Address,
    IReadOnlyList<string> Services,
    string? Holder,
    DateTimeOffset? Since,
    long Epoch,
    string? Standing,
    string Reason,
    string Message,
    long Answered,
    long Conflicts)
{
    public static AddressView Of(AddressStatus address) => new(
        address.Address.ToString(),
        [.. address.Services.Select(service => service.ToString())],
        address.Holder?.Value,
        address.Since,
        address.Epoch,
        address.Standing,
        address.Reason.ToString(),
        address.Message,
        address.Answered,
        address.Claimed);
}
