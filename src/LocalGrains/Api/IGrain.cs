using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Something that can be called by its address: a grain, an observer, or a reference to either.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>The interface of a grain.</summary>
    public interface IGrain : IAddressable;

    /// <summary>The interface of a grain that a string identifies among its kind.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>The interface of an object outside the grains that grains call back.</summary>
    public interface IGrainObserver : IAddressable;
}
