using Orleans.Runtime;

namespace OrleansLb.LocalGrains.Calls;

/// <summary>Work of the activation itself that takes its turn among the calls: activation, deactivation, a timer's tick.</summary>
internal sealed class InternalCall(GrainId target, string name, Func<Task> work, Call? cause = null, bool interleaves = false) : Call(target, cause)
{
    public override string MethodName => name;

    public override bool AlwaysInterleaves => interleaves;

    public override bool IsAnswered => State is CallState.Done;

    public override Task Run(object target) => work();

    public override bool Fail(Exception exception) => false;
}
