using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// Refuses to give or take orders across a death: what a silo that was cut off has decided on its own reaches the others when the cable is back, and they have
/// decided otherwise since. Each call of one of our grains to another bears the silo that it comes from.
/// </summary>
internal sealed class LateCalls(Lazy<IClusterMembershipService> membership, Lazy<ILocalSiloDetails> local, ILogger<LateCalls> log)
    : IOutgoingGrainCallFilter, IIncomingGrainCallFilter
{
    private const string Sender = "orleanslb.silo";
    private const string Ours = "OrleansLb.";

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (IsOurs(context) && !local.Value.SiloAddress.Equals(RequestContext.Get(Sender))) RequestContext.Set(Sender, local.Value.SiloAddress);
        return context.Invoke();
    }

    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (!IsOurs(context) || RequestContext.Get(Sender) is not SiloAddress sender || !IsDead(sender)) return context.Invoke();
        log.LateCallRefused(sender.ToParsableString());
        throw new SiloUnavailableException($"Silo {sender.ToParsableString()} was declared dead; what it asks for is not done.");
    }

    private static bool IsOurs(IGrainCallContext context) => context.InterfaceName.StartsWith(Ours, StringComparison.Ordinal);

    private bool IsDead(SiloAddress silo) => membership.Value.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Dead;
}
