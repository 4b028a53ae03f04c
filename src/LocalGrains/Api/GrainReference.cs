using System.ComponentModel;
using System.Reflection;
using OrleansLb.LocalGrains.Calls;

namespace Orleans.Runtime;

/// <summary>The address of a grain or observer; two are equal when they lead to the same one. Not sealed: the typed references derive from it.</summary>
public class GrainReference : DispatchProxy, IAddressable, IEquatable<GrainReference>
{
    private Router _router = null!;
    private GrainInterface _interface = null!;

    /// <summary>Made by <see cref="IGrainFactory"/> only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public GrainReference() { }

    /// <summary>The identity of what it leads to.</summary>
    public GrainId GrainId { get; private set; }

    /// <summary>The name of the interface that it is called by.</summary>
    public virtual string InterfaceName => _interface.Name;

    /// <summary>The same address, as that interface.</summary>
    public virtual TGrainInterface Cast<TGrainInterface>() where TGrainInterface : IAddressable => (TGrainInterface)As(typeof(TGrainInterface));

    internal static GrainReference Create(Router router, GrainInterface byInterface, GrainId target)
    {
        var reference = (GrainReference)byInterface.Blank.MemberwiseClone();
        reference._router = router;
        reference._interface = byInterface;
        reference.GrainId = target;
        return reference;
    }

    /// <summary>A reference that leads nowhere yet.</summary>
    internal static GrainReference ForNothing(Type interfaceType) => (GrainReference)Create(interfaceType, typeof(GrainReference));

    internal object As(Type interfaceType) =>
        interfaceType.IsInstanceOfType(this) ? this : Create(_router, GrainInterface.Of(interfaceType), GrainId);

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        _interface.Method(targetMethod!).Send(_router, this, args ?? []);

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <summary>Whether both lead to the same grain.</summary>
    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) =>
        reference1 is null ? reference2 is null : reference1.Equals(reference2);

    /// <summary>Whether they lead to different grains.</summary>
    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    /// <inheritdoc/>
    public sealed override string ToString() => $"GrainReference:{GrainId}:{InterfaceName}";
}
