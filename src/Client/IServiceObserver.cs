namespace OrleansLb.Client;

/// <summary>Is told of changes by the directory of Services, one call at a time.</summary>
[Alias("orleanslb.IServiceObserver")]
public interface IServiceObserver : IGrainObserver
{
    /// <summary>Takes what has changed since it was last told. One that fails is told nothing any more until it follows again.</summary>
    [Alias("Changed")]
    Task Changed(ServiceNews news);
}
