using System.Collections.Immutable;
using Orleans.Runtime;
using OrleansLb.LocalGrains.Calls;

namespace OrleansLb.LocalGrains;

/// <summary>What a test asks to go wrong: each fault strikes one call.</summary>
public sealed class Faults
{
    private ImmutableList<Fault> _asked = [];

    /// <summary>Fails the next such call, which never reaches its grain.</summary>
    public Fault Fail(Func<GrainCall, bool> call, Exception with) => Ask(new(FaultKind.Fail, call, with));

    /// <summary>Loses the next such call on its way to the grain: its caller waits until its time runs out.</summary>
    public Fault Lose(Func<GrainCall, bool> call) => Ask(new(FaultKind.Lose, call, null));

    /// <summary>Loses the answer to the next such call: the grain has done its work, but the caller does not learn of it.</summary>
    public Fault LoseAnswer(Func<GrainCall, bool> call) => Ask(new(FaultKind.LoseAnswer, call, null));

    internal bool Strike(Call call, GrainMethod method)
    {
        if (_asked.IsEmpty || Take(call, method.InterfaceName, kind => kind is not FaultKind.LoseAnswer) is not { } fault) return false;
        if (fault.With is { } exception) call.Fail(exception);
        return true;
    }

    internal bool LosesAnswer(Call call, GrainMethod method) =>
        !_asked.IsEmpty && Take(call, method.InterfaceName, kind => kind is FaultKind.LoseAnswer) is not null;

    private Fault Ask(Fault fault)
    {
        ImmutableInterlocked.Update(ref _asked, static (asked, fault) => asked.Add(fault), fault);
        return fault;
    }

    private Fault? Take(Call call, string interfaceName, Func<FaultKind, bool> kind)
    {
        var description = new GrainCall(call.Target, interfaceName, call.MethodName);
        return _asked.Find(fault => kind(fault.Kind) && fault.Concerns(description) && fault.TryStrike()) is { } found
            && ImmutableInterlocked.Update(ref _asked, static (asked, found) => asked.Remove(found), found) ? found : null;
    }
}
